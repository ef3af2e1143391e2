#include "snapferry/core/text/hexadecimal.h"

namespace snapferry {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::string hexadecimal(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        text += digits[std::to_integer<std::size_t>(byte >> 4U)];
        text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
}

bool parse_hexadecimal(std::string_view text, std::span<std::byte> bytes) {
    if (text.size() != 2 * bytes.size()) {
        return false;
    }
    for (auto& byte : bytes) {
        const auto high = digits.find(text[0]);
        const auto low = digits.find(text[1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return false;
        }
        byte = static_cast<std::byte>(high * digits.size() + low);
        text.remove_prefix(2);
    }
    return true;
}

}  // namespace snapferry
