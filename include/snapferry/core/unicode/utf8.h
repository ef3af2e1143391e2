#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace snapferry {

struct Utf8Character {
    char32_t code_point;
    std::size_t size;  ///< bytes it takes in the text
};

/// The first character of the text; nothing where the text is empty or does not start with UTF-8
/// as RFC 3629 has it (no overlong forms, no surrogates, nothing beyond U+10FFFF).
std::optional<Utf8Character> first_utf8_character(std::string_view text);

/// True for the C0 and C1 controls and DEL: what moves a cursor, ends a line or starts an escape.
constexpr bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/// True for what is not seen where it stands, or moves what is seen: line and paragraph separators,
/// the controls of writing direction, blanks without width, joiners, variation selectors, tags and
/// the other characters that a screen shows as nothing. Names that differ in these alone look the
/// same, and a name with them can look like another.
bool is_unseen(char32_t code_point);

}  // namespace snapferry
