#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/digest.h"
#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/manifest/writer.h"

namespace snapferry::manifest {

/// A text that is no manifest, or not a whole one. Names the line.
class Malformed : public Failure {
  public:
    explicit Malformed(const std::string& message)
        : Failure(ExitCode::refused_stream, "manifest refused: " + message) {}
};

/// Reads a manifest that somebody else made, in pieces of any size. Everything is checked: that
/// each line is what an entry's line is, that the order is right, that nothing comes twice, that
/// each entry lies in a directory that is there, that the end is the end. Memory is bounded by the
/// longest line and the deepest path.
class Reader {
  public:
    using Take = std::function<void(const Entry& entry)>;
    explicit Reader(Take take) : take_(std::move(take)) {}

    /// Throws Malformed, or what `take` throws.
    void push(std::span<const std::byte> bytes);

    /// After the last piece. Throws Malformed where it was not whole.
    Summary finish();

  private:
    void take_line(std::string_view line);
    void take_header(std::string_view line);
    void take_entry(std::string_view line);
    void take_end(std::string_view line);
    void require_its_place(const Entry& entry);
    [[noreturn]] void refuse(std::string_view why) const;

    Take take_;
    std::string line_;  ///< what there is of a line that is not whole yet
    std::uint64_t lines_ = 0;
    Sha256 digest_;
    std::uint64_t entries_ = 0;
    std::string last_path_;
    std::vector<std::string> directories_;  ///< the last entry lies in the last of them
    std::optional<Summary> end_;
};

}  // namespace snapferry::manifest
