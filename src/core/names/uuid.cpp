#include "snapferry/core/names/uuid.h"

#include <algorithm>

namespace snapferry {
namespace {

constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
constexpr std::string_view hex_digits = "0123456789abcdef";

std::optional<unsigned> digit_value(char c) {
    if (c >= 'A' && c <= 'F')
        c = static_cast<char>(c - 'A' + 'a');
    const auto position = hex_digits.find(c);
    if (position == std::string_view::npos)
        return std::nullopt;
    return static_cast<unsigned>(position);
}

}  // namespace

Uuid::Uuid(std::span<const std::byte, size> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != form.size())
        return std::nullopt;
    Uuid uuid;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == '-') {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const auto value = digit_value(text[i]);
        if (!value)
            return std::nullopt;
        auto& byte = uuid.bytes_[digits++ / 2];
        byte = (byte << 4) | static_cast<std::byte>(*value);
    }
    return uuid;
}

std::string Uuid::text() const {
    std::string text{form};
    std::size_t digits = 0;
    for (char& c : text) {
        if (c == '-')
            continue;
        const auto byte = std::to_integer<unsigned>(bytes_[digits / 2]);
        c = hex_digits[digits % 2 == 0 ? byte >> 4 : byte & 0x0f];
        ++digits;
    }
    return text;
}

}  // namespace snapferry
