#include "snapferry/core/setup/text_lines.h"

#include <algorithm>

namespace snapferry::setup {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    lines.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

std::string_view content_of(std::string_view line) {
    for (const char end : {'\n', '\r'}) {
        if (line.ends_with(end)) {
            line.remove_suffix(1);
        }
    }
    return line;
}

std::string with_line(std::string_view text, std::string_view line) {
    std::string whole(text);
    if (!whole.empty() && !whole.ends_with('\n')) {
        whole += '\n';
    }
    whole += line;
    whole += '\n';
    return whole;
}

std::string without_lines(std::string_view text,
                          const std::function<bool(std::string_view line)>& goes) {
    std::string rest;
    for (const auto line : lines_of(text)) {
        if (!goes(content_of(line))) {
            rest += line;
        }
    }
    return rest;
}

}  // namespace snapferry::setup
