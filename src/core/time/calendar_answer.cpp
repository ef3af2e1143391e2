#include "snapferry/core/time/calendar_answer.h"

#include <array>
#include <charconv>

namespace snapferry {
namespace {

/// What follows `label` on its line; nothing where no line has it.
std::optional<std::string_view> line_behind(std::string_view text, std::string_view label) {
    const auto begin = text.find(label);
    if (begin == std::string_view::npos) {
        return std::nullopt;
    }
    const auto rest = text.substr(begin + label.size());
    return rest.substr(0, rest.find('\n'));
}

/// "2026-11-26 03:00:00" as numbers, each behind a character that is passed over.
std::optional<std::array<int, 6>> numbers_of(std::string_view text) {
    constexpr std::array<std::size_t, 6> lengths{4, 2, 2, 2, 2, 2};
    std::array<int, 6> numbers{};
    std::size_t at = 0;
    for (std::size_t index = 0; index < lengths.size(); ++index) {
        const auto length = lengths.at(index);
        if (text.size() < at + length) {
            return std::nullopt;
        }
        const auto* const begin = text.data() + at;
        const auto [end, error] = std::from_chars(begin, begin + length, numbers.at(index));
        if (error != std::errc{} || end != begin + length) {
            return std::nullopt;
        }
        at += length + 1;
    }
    return numbers;
}

std::optional<std::chrono::sys_seconds> parse_utc(std::string_view line) {
    using namespace std::chrono;
    const auto date = line.find_first_of("0123456789");  // behind the day of the week
    if (date == std::string_view::npos || line.find("UTC") == std::string_view::npos) {
        return std::nullopt;
    }
    const auto found = numbers_of(line.substr(date));
    if (!found) {
        return std::nullopt;
    }
    const auto [y, m, d, hour, minute, second] = *found;
    const year_month_day day{year{y}, month{static_cast<unsigned>(m)},
                             std::chrono::day{static_cast<unsigned>(d)}};
    if (!day.ok()) {
        return std::nullopt;
    }
    return sys_days{day} + hours{hour} + minutes{minute} + seconds{second};
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_calendar_answer(std::string_view text) {
    if (const auto line = line_behind(text, "(in UTC):")) {
        return parse_utc(*line);
    }
    const auto line = line_behind(text, "Next elapse:");
    return line ? parse_utc(*line) : std::nullopt;
}

}  // namespace snapferry
