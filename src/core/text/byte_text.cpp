#include "snapferry/core/text/byte_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace snapferry {
namespace {

constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};

}  // namespace

std::string byte_text(std::uint64_t bytes) {
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    // With one decimal, 1023.95 is shown as 1024.0 already: that is 1.0 of the next unit.
    while (value >= (unit == 0 ? 1024 : 1023.95) && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    for (std::size_t unit = 0; unit < units.size(); ++unit) {
        const auto shift = 10 * unit;
        if (suffix == units[unit] && count <= std::numeric_limits<std::uint64_t>::max() >> shift) {
            return count << shift;
        }
    }
    return std::nullopt;
}

}  // namespace snapferry
