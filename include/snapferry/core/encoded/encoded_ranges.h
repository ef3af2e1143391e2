#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Bytes of a file, from `begin` up to `end`.
struct FileRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    friend bool operator==(const FileRange&, const FileRange&) = default;
};

/// What ENCODED_WRITEs have put into which files, by the names that these have now. The kernel may
/// lose such a write without telling anybody: then these ranges are holes, or beyond the file's
/// end.
///
/// What might rightly have become a hole since is forgotten, and so is a file whose name went.
class EncodedRanges {
  public:
    using Files = std::map<std::string, std::vector<FileRange>, std::less<>>;

    /// Shown every command of the stream that the guard has passed, in order.
    void note(const Command& command);

    [[nodiscard]] const Files& files() const { return files_; }

    /// Bytes of memory, about.
    [[nodiscard]] std::size_t memory() const { return memory_; }

    void clear();

  private:
    void add(std::string_view path, FileRange range);
    void forget(std::string_view path);
    void forget_from(std::string_view path, std::uint64_t size);
    void forget_if_touched(std::string_view path, FileRange range);
    void rename(std::string_view from, std::string_view to);
    void move(Files::iterator file, std::string to);

    Files files_;
    std::size_t memory_ = 0;
};

}  // namespace snapferry::stream
