#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace snapferry {

/// Two lower-case digits a byte.
std::string hexadecimal(std::span<const std::byte> bytes);

/// Fills `bytes` from exactly twice as many lower-case digits; false, and `bytes` is anything, for
/// any other text.
bool parse_hexadecimal(std::string_view text, std::span<std::byte> bytes);

}  // namespace snapferry
