#include "snapferry/core/unicode/utf8.h"

#include <algorithm>
#include <array>

#include "snapferry/core/unicode/code_points.h"

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

// Unicode 15's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and what else of the
// categories Cf, Zl and Zp has no shape of its own.
constexpr std::array unseen{
    CodePoints{0x00ad, 0x00ad},   CodePoints{0x034f, 0x034f},   CodePoints{0x061c, 0x061c},
    CodePoints{0x115f, 0x1160},   CodePoints{0x17b4, 0x17b5},   CodePoints{0x180b, 0x180f},
    CodePoints{0x200b, 0x200f},   CodePoints{0x2028, 0x202e},   CodePoints{0x2060, 0x206f},
    CodePoints{0x3164, 0x3164},   CodePoints{0xfe00, 0xfe0f},   CodePoints{0xfeff, 0xfeff},
    CodePoints{0xffa0, 0xffa0},   CodePoints{0xfff0, 0xfffb},   CodePoints{0x13430, 0x1343f},
    CodePoints{0x1bca0, 0x1bca3}, CodePoints{0x1d173, 0x1d17a}, CodePoints{0xe0000, 0xe0fff}};

}  // namespace

bool is_unseen(char32_t code_point) {
    return is_in(unseen, code_point);
}

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
