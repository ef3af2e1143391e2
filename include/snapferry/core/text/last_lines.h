#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>

#include "snapferry/core/text/line_splitter.h"

namespace snapferry {

/// The last lines of what another program says, for the message about its failure. Memory is
/// bounded, whatever it says.
class LastLines {
  public:
    static constexpr std::size_t kept = 3;

    void push(std::span<const std::byte> bytes) { splitter_.push(bytes); }

    /// After the last piece: "one line; the next", escaped, without blanks around a line and
    /// without empty lines. Empty where nothing was said.
    std::string text();

  private:
    void take(const std::string& line);

    std::deque<std::string> lines_;
    LineSplitter splitter_{[this](const std::string& line) { take(line); }};
};

}  // namespace snapferry
