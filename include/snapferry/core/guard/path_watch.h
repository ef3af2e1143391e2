#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace snapferry::stream {

/// Remembers which file the last command of a stream was about, so that a failure of the kernel's
/// send, which gives a number only, can be told with the file it stopped at. It checks nothing, and
/// costs a look at the head of each command.
class PathWatch {
  public:
    /// `offset`: of the first byte that will come, at the border of two commands; 0: the stream's
    /// header comes first.
    explicit PathWatch(std::uint64_t offset);

    void push(std::span<const std::byte> bytes);

    /// As it is in the stream, any bytes; empty where no command has named a file yet.
    [[nodiscard]] const std::string& last_path() const { return path_; }

  private:
    void take_head();
    void take_path();

    static constexpr std::size_t head_size = 14;  // bytes; of a command, and of its first attribute

    std::uint64_t to_skip_ = 0;  ///< bytes that say nothing
    std::array<std::byte, head_size> head_{};
    std::size_t head_filled_ = 0;
    std::size_t path_size_ = 0;  ///< bytes
    std::size_t path_left_ = 0;  ///< bytes of it, or of the two of a RENAME, that are still to come
    std::uint64_t after_path_ = 0;
    std::string coming_;
    std::string path_;
};

}  // namespace snapferry::stream
