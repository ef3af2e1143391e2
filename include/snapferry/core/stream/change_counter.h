#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "snapferry/core/stream/change_count.h"
#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Counts what a stream does to files, from the commands that have passed the guard. It keeps a few
/// names, and decides nothing. The kernel makes each new file under a name such as "o257-8-0" and
/// then renames it, and moves a file by a link and an unlink: both are seen through.
/// Source: fs/btrfs/send.c, process_recorded_refs().
class ChangeCounter {
  public:
    ChangeCounter() = default;

    /// Goes on from an earlier count.
    explicit ChangeCounter(const ChangeCount& so_far) : count_(so_far) {}

    void note(const Command& command);
    [[nodiscard]] const ChangeCount& count() const { return count_; }

  private:
    void make(std::string_view path, bool is_file);
    void rename(std::string_view from, std::string_view to);
    void unlink(std::string_view path);
    void write(std::string_view path);

    ChangeCount count_;
    std::set<std::string, std::less<>> unplaced_;  ///< made here, under a name for a while
    std::string fresh_;                            ///< the last that was made here
    std::string rewritten_;                        ///< the last of those that were there
    std::string moved_;                            ///< has another name too, since the last link
};

}  // namespace snapferry::stream
