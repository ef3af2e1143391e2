#pragma once

#include <algorithm>
#include <span>

namespace snapferry {

/// Code points of Unicode, from the first to the last.
struct CodePoints {
    char32_t first;
    char32_t last;
};

inline bool is_in(std::span<const CodePoints> ranges, char32_t code_point) {
    return std::ranges::any_of(ranges, [&](const CodePoints& range) {
        return range.first <= code_point && code_point <= range.last;
    });
}

}  // namespace snapferry
