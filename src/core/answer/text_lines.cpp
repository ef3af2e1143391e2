#include "text_lines.h"

#include <algorithm>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::size_t longest_shown = 300;  // bytes

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string_view without_blanks_behind(std::string_view line) {
    const auto last = line.find_last_not_of(" \t\r");
    return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

bool contains(std::string_view line, std::string_view words) {
    return std::search(line.begin(), line.end(), words.begin(), words.end(),
                       [](char found, char wanted) { return lower(found) == wanted; }) !=
           line.end();
}

bool says_something(std::string_view line) {
    return !without_blanks_behind(line).empty();
}

std::optional<std::string_view> last_line_that(std::string_view text,
                                               const std::function<bool(std::string_view)>& is_it) {
    while (!text.empty()) {
        const auto break_at = text.rfind('\n');
        const auto begin = break_at == std::string_view::npos ? 0 : break_at + 1;
        const auto line = without_blanks_behind(text.substr(begin));
        if (is_it(line)) {
            return line;
        }
        text = text.substr(0, begin == 0 ? 0 : begin - 1);
    }
    return std::nullopt;
}

std::string shown_line(std::string_view line) {
    return escape_text(line, longest_shown);
}

}  // namespace snapferry
