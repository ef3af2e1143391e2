#include "snapferry/core/plan/schedule.h"

#include <charconv>

namespace snapferry {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds day = 24h;

/// "07:30" in minutes after midnight; 24:00 is none.
std::optional<minutes> parse_time_of_day(std::string_view text) {
    constexpr std::size_t length = 5;
    if (text.size() != length || text[2] != ':') {
        return std::nullopt;
    }
    const auto number = [&](std::string_view digits, int most) -> std::optional<int> {
        int value = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = error == std::errc{} && end == digits.data() + digits.size();
        return whole && value >= 0 && value <= most ? std::optional(value) : std::nullopt;
    };
    const auto hour = number(text.substr(0, 2), 23);
    const auto minute = number(text.substr(3), 59);
    return hour && minute ? std::optional(minutes{*hour * 60 + *minute}) : std::nullopt;
}

}  // namespace

std::optional<QuietWindow> QuietWindow::parse(std::string_view text) {
    constexpr std::size_t dash = 5;
    if (text.size() <= dash || text[dash] != '-') {
        return std::nullopt;
    }
    const auto from = parse_time_of_day(text.substr(0, dash));
    const auto to = parse_time_of_day(text.substr(dash + 1));
    return from && to && *from != *to ? std::optional(QuietWindow(*from, *to)) : std::nullopt;
}

bool QuietWindow::is_open(seconds local) const {
    return from_ < to_ ? local >= from_ && local < to_ : local >= from_ || local < to_;
}

seconds QuietWindow::opens_in(seconds local) const {
    if (is_open(local)) {
        return 0s;
    }
    const auto wait = from_ - local;
    return wait < 0s ? wait + day : wait;
}

}  // namespace snapferry
