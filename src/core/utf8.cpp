#include "snapferry/core/utf8.h"

#include <algorithm>

namespace snapferry {
namespace {

/// What a lead byte promises: how many bytes, which of its bits count, and the least code point
/// that needs so many (less is an overlong form).
struct Lead {
    std::size_t size;
    char32_t bits;
    char32_t least;
};

std::optional<Lead> lead_of(unsigned char byte) {
    if (byte < 0x80)
        return Lead{1, byte, 0};
    if ((byte & 0xe0) == 0xc0)
        return Lead{2, byte & 0x1fU, 0x80};
    if ((byte & 0xf0) == 0xe0)
        return Lead{3, byte & 0x0fU, 0x800};
    if ((byte & 0xf8) == 0xf0)
        return Lead{4, byte & 0x07U, 0x10000};
    return std::nullopt;
}

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

bool is_scalar_value(char32_t code_point) {
    return code_point <= 0x10ffff && (code_point < 0xd800 || code_point > 0xdfff);
}

}  // namespace

std::optional<Utf8Character> first_utf8_character(std::string_view text) {
    if (text.empty())
        return std::nullopt;
    const auto lead = lead_of(static_cast<unsigned char>(text.front()));
    if (!lead || text.size() < lead->size)
        return std::nullopt;

    const auto rest = text.substr(1, lead->size - 1);
    if (!std::all_of(rest.begin(), rest.end(), is_continuation))
        return std::nullopt;
    char32_t code_point = lead->bits;
    for (const char byte : rest)
        code_point = (code_point << 6) | (static_cast<unsigned char>(byte) & 0x3fU);

    if (code_point < lead->least || !is_scalar_value(code_point))
        return std::nullopt;
    return Utf8Character{code_point, lead->size};
}

}  // namespace snapferry
