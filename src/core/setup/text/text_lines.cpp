#include "snapferry/core/setup/text/text_lines.h"

#include <algorithm>
#include <set>

#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

/// What `of` has more often than `others`, with a mark before it.
void add_surplus(std::string_view of, std::string_view others, const char* mark,
                 std::vector<std::string>& changes) {
    std::multiset<std::string_view> left;
    for (const auto line : lines_of(others)) {
        left.insert(content_of(line));
    }
    for (const auto line : lines_of(of)) {
        const auto content = content_of(line);
        if (const auto found = left.find(content); found != left.end()) {
            left.erase(found);
        } else if (!content.empty()) {
            changes.push_back(mark + escape_text(content));
        }
    }
}

}  // namespace

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

std::vector<std::string> changes_between(std::string_view before, std::string_view after) {
    std::vector<std::string> changes;
    add_surplus(before, after, "- ", changes);
    add_surplus(after, before, "+ ", changes);
    return changes;
}

}  // namespace snapferry::setup
