#include "snapferry/core/plan/disuse.h"

#include <fmt/format.h>

#include <charconv>

namespace snapferry {

Disuse after_a_day(const Disuse& disuse, std::int64_t day, unsigned most) {
    if (disuse.days > 0 && disuse.last_day == day) {
        return disuse;
    }
    return {disuse.days < most ? disuse.days + 1 : disuse.days, day};
}

std::string disuse_text(const Disuse& disuse) {
    return fmt::format("{} {}\n", disuse.days, disuse.last_day);
}

std::optional<Disuse> parse_disuse(std::string_view text) {
    Disuse disuse;
    const auto* const end = text.data() + text.size();
    const auto days = std::from_chars(text.data(), end, disuse.days);
    if (days.ec != std::errc{} || days.ptr == end || *days.ptr != ' ') {
        return std::nullopt;
    }
    const auto day = std::from_chars(days.ptr + 1, end, disuse.last_day);
    if (day.ec != std::errc{} || std::string_view(day.ptr, end) != "\n") {
        return std::nullopt;
    }
    return disuse;
}

}  // namespace snapferry
