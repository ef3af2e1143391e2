#include "snapferry/core/unicode/display_width.h"

#include <algorithm>
#include <array>

#include "snapferry/core/unicode/code_points.h"
#include "snapferry/core/unicode/utf8.h"

namespace snapferry {
namespace {

// The large blocks of Unicode's EastAsianWidth.txt (W and F) and of its combining marks. What is
// rare and missing here costs a column, not more.
constexpr std::array wide{
    CodePoints{0x1100, 0x115f},   CodePoints{0x2e80, 0x303e},   CodePoints{0x3041, 0xa4cf},
    CodePoints{0xac00, 0xd7a3},   CodePoints{0xf900, 0xfaff},   CodePoints{0xfe30, 0xfe6f},
    CodePoints{0xff00, 0xff60},   CodePoints{0xffe0, 0xffe6},   CodePoints{0x1f300, 0x1f64f},
    CodePoints{0x1f680, 0x1f6ff}, CodePoints{0x1f900, 0x1f9ff}, CodePoints{0x20000, 0x3fffd}};
constexpr std::array combining{CodePoints{0x0300, 0x036f}, CodePoints{0x1ab0, 0x1aff},
                               CodePoints{0x20d0, 0x20ff}};

std::size_t width_of(const Utf8Character& character) {
    if (is_unseen(character.code_point) || is_in(combining, character.code_point)) {
        return 0;
    }
    return is_in(wide, character.code_point) ? 2 : 1;
}

/// Calls `each` with every character's bytes and width, until it returns false.
template <typename Each>
void for_each_character(std::string_view text, Each each) {
    while (!text.empty()) {
        const auto character = first_utf8_character(text).value_or(Utf8Character{U'?', 1});
        if (!each(text.substr(0, character.size), width_of(character))) {
            return;
        }
        text.remove_prefix(character.size);
    }
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t total = 0;
    for_each_character(text, [&](std::string_view, std::size_t width) {
        total += width;
        return true;
    });
    return total;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) {
        return std::string(text);
    }
    if (width == 0) {
        return {};
    }
    std::string kept;
    std::size_t total = 0;
    for_each_character(text, [&](std::string_view bytes, std::size_t more) {
        if (total + more > width - 1) {
            return false;
        }
        total += more;
        kept += bytes;
        return true;
    });
    return kept + "…";
}

std::string_view start_of_width(std::string_view text, std::size_t width) {
    std::size_t bytes = 0;
    std::size_t total = 0;
    for_each_character(text, [&](std::string_view character, std::size_t more) {
        if (bytes > 0 && total + more > width) {
            return false;
        }
        bytes += character.size();
        total += more;
        return true;
    });
    return text.substr(0, bytes);
}

}  // namespace snapferry
