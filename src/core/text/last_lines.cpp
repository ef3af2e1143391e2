#include "snapferry/core/text/last_lines.h"

#include "snapferry/core/text/escape.h"

namespace snapferry {

std::string LastLines::text() {
    constexpr std::size_t shown = 256;  // bytes of a line
    splitter_.finish();
    std::string text;
    for (const auto& line : lines_) {
        text += (text.empty() ? "" : "; ") + escape_text(line, shown);
    }
    return text;
}

void LastLines::take(const std::string& line) {
    constexpr auto blanks = " \t\r";
    const auto begin = line.find_first_not_of(blanks);
    if (begin == std::string::npos) {
        return;
    }
    lines_.push_back(line.substr(begin, line.find_last_not_of(blanks) + 1 - begin));
    if (lines_.size() > kept) {
        lines_.pop_front();
    }
}

}  // namespace snapferry
