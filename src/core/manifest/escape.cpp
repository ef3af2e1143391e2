#include "snapferry/core/manifest/escape.h"

#include <string_view>

namespace snapferry::manifest {
namespace {

constexpr std::size_t octal_digits = 3;

/// No sign that mtree, a shell or a pattern takes for anything else.
bool stands_for_itself(char byte) {
    constexpr std::string_view signs = "+,-./:@_~%";
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || signs.find(byte) != std::string_view::npos;
}

std::optional<char> octal_byte(std::string_view digits) {
    unsigned value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '7') {
            return std::nullopt;
        }
        value = value * 8 + static_cast<unsigned>(digit - '0');
    }
    return digits.size() == octal_digits && value <= 0xff ? std::optional(static_cast<char>(value))
                                                          : std::nullopt;
}

}  // namespace

std::string escaped(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        if (stands_for_itself(byte)) {
            text += byte;
        } else {
            const auto value = static_cast<unsigned char>(byte);
            text += '\\';
            text += static_cast<char>('0' + (value >> 6U));
            text += static_cast<char>('0' + ((value >> 3U) & 7U));
            text += static_cast<char>('0' + (value & 7U));
        }
    }
    return text;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const bool is_escape = text.front() == '\\';
        const auto byte =
            is_escape ? octal_byte(text.substr(1, octal_digits)) : std::optional(text.front());
        if (!byte || is_escape == stands_for_itself(*byte)) {
            return std::nullopt;
        }
        bytes += *byte;
        text.remove_prefix(is_escape ? 1 + octal_digits : 1);
    }
    return bytes;
}

}  // namespace snapferry::manifest
