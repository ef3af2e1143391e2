#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>

namespace snapferry {

/// Finds the lines in another program's output, which arrives in pieces. Memory is bounded: of a
/// longer line, what is beyond `longest` is dropped.
class LineSplitter {
  public:
    static constexpr std::size_t longest = 4096;  // bytes

    using TakeLine = std::function<void(const std::string& line)>;
    explicit LineSplitter(TakeLine take_line) : take_line_(std::move(take_line)) {}

    void push(std::span<const std::byte> bytes);

    /// After the last piece: hands on a line that no line feed ended.
    void finish();

  private:
    void end_line();

    TakeLine take_line_;
    std::string line_;
};

}  // namespace snapferry
