#pragma once

#include <filesystem>
#include <optional>

#include "snapferry/core/answer/who_answers.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/ssh/session.h"

namespace snapferry::send {

/// Something that shows that this machine has sent backups, beside configuration and history: what
/// is remembered of receivers, or the locks of runs since the last boot. Nothing where there is
/// none. Never throws.
std::optional<std::filesystem::path> trace_of_sending(const std::filesystem::path& state_dir);

/// What is remembered, for good, of a receiver (host, port and tag): that it has spoken snapferry's
/// protocol. From then on it gets a raw stream only where a person demands one.
class Acquaintance {
  public:
    Acquaintance(const ssh::Destination& destination, const Tag& tag,
                 std::filesystem::path directory = std::filesystem::path(sys::state_directory) /
                                                   "receivers");

    /// Not known where the note cannot be read, or could not have been made. Never throws.
    [[nodiscard]] HasSpoken has_spoken() const;

    /// Remembers that it speaks. Where that fails, a warning: the backup comes first.
    void note_that_it_speaks(Log& log) const;

  private:
    std::filesystem::path directory_;
    std::filesystem::path file_;
    std::string whom_;  ///< for a person who looks into the file
};

}  // namespace snapferry::send
