#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// A number of bytes for a person: "0 B", "1.5 KiB", "3.2 GiB".
std::string byte_text(std::uint64_t bytes);

/// A number of bytes as configuration files have it: a whole number and one of B, KiB, MiB, GiB,
/// TiB. Nothing where the text is anything else or does not fit.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace snapferry
