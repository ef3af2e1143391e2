#include "snapferry/core/text/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace snapferry {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t seconds;
};

constexpr std::array units{Unit{"w", 604800}, Unit{"d", 86400}, Unit{"h", 3600}, Unit{"min", 60},
                           Unit{"s", 1}};
constexpr std::int64_t longest = std::int64_t{100} * 366 * 86400;  // seconds

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::uint64_t count = 0;  // unsigned: "-0s" is no duration
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const auto& unit : units) {
        if (suffix == unit.name && count <= static_cast<std::uint64_t>(longest / unit.seconds)) {
            return std::chrono::seconds{static_cast<std::int64_t>(count) * unit.seconds};
        }
    }
    return std::nullopt;
}

std::string duration_text(std::chrono::seconds duration) {
    auto rest = duration.count();
    for (std::size_t i = 1; i < units.size(); ++i) {  // weeks are for writing, not for reading
        if (rest < units[i].seconds && units[i].seconds > 1) {
            continue;
        }
        auto text = fmt::format("{} {}", rest / units[i].seconds, units[i].name);
        rest %= units[i].seconds;
        if (i + 1 < units.size() && rest / units[i + 1].seconds > 0) {
            text += fmt::format(" {} {}", rest / units[i + 1].seconds, units[i + 1].name);
        }
        return text;
    }
    return "0 s";
}

}  // namespace snapferry
