#include "snapferry/core/time/calendar_answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace snapferry {
namespace {

constexpr std::string_view in_utc = "(in UTC)";

/// The first line, which then is none of the text any more.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
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

std::vector<std::chrono::sys_seconds> parse_calendar_answer(std::string_view text) {
    // "Iter. #2:" of systemd 252 is "Iteration #2:" elsewhere.
    const bool has_lines_in_utc = text.find(in_utc) != std::string_view::npos;
    std::vector<std::chrono::sys_seconds> times;
    while (!text.empty()) {
        const auto line = take_line(text);
        const auto label_end = line.find(": ");
        if (label_end == std::string_view::npos) {
            continue;
        }
        const auto label = line.substr(0, label_end);
        const bool names_a_time =
            has_lines_in_utc
                ? label.ends_with(in_utc)
                : label.ends_with("Next elapse") || label.find("Iter") != std::string_view::npos;
        const auto time = names_a_time ? parse_utc(line.substr(label_end + 2)) : std::nullopt;
        if (time) {
            times.push_back(*time);
        }
    }
    return times;
}

bool says_never(std::string_view text) {
    return text.find("Next elapse: never") != std::string_view::npos;
}

bool refuses_calendar_expression(std::string_view text) {
    return text.find("Failed to parse calendar") != std::string_view::npos;
}

}  // namespace snapferry
