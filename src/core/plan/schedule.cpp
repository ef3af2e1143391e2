#include "snapferry/core/plan/schedule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace snapferry {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds day = 24h;

/// Somebody else's run is waited for, not fought with.
constexpr seconds postponement = 1min;

constexpr seconds first_retry = 1min;
constexpr seconds longest_retry = 1h;

/// A directory in which something happens all the time settles never: then this is enough.
constexpr int longest_settling = 10;  // times `settle`

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

seconds share_of(seconds whole, double share) {
    return std::chrono::duration_cast<seconds>(whole * std::clamp(share, 0.0, 1.0));
}

/// Doubled each time, and spread between half and the whole of that.
seconds retry_after(unsigned failures, double random) {
    const auto doubled = first_retry * (1 << std::min(failures - 1, 10U));
    const auto whole = std::min(longest_retry, std::chrono::duration_cast<seconds>(doubled));
    return whole / 2 + share_of(whole / 2, random);
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

Agenda::Agenda(Schedule schedule, Time now) : schedule_(std::move(schedule)), start_(now) {}

void Agenda::change_seen(Time now) {
    if (!schedule_.on_change) {
        return;
    }
    change_began_ = change_began_.value_or(now);
    const auto latest = *change_began_ + schedule_.settle * longest_settling;
    change_ = std::min(now + schedule_.settle, latest);
}

void Agenda::set_calendar_time(std::optional<Time> next, double random) {
    calendar_ = next ? std::optional(*next + share_of(schedule_.jitter, random)) : std::nullopt;
}

void Agenda::ended(bool well, Time now, double random) {
    start_.reset();
    change_.reset();
    change_began_.reset();
    every_ = schedule_.every
                 ? std::optional(now + *schedule_.every + share_of(schedule_.jitter, random))
                 : std::nullopt;
    failures_ = well ? 0 : failures_ + 1;
    again_ = well ? std::nullopt : std::optional(now + retry_after(failures_, random));
}

void Agenda::postponed(Time now) {
    change_.reset();
    change_began_.reset();
    for (auto* const at : {&every_, &calendar_, &again_}) {
        if (*at && **at <= now) {
            at->reset();
        }
    }
    start_ = now + postponement;
}

Agenda::Cause Agenda::first_cause() const {
    const std::array causes{Cause{start_, "starting"}, Cause{change_, "a new snapshot"},
                            Cause{every_, "its time has come"}, Cause{calendar_, "the calendar"},
                            Cause{again_, "trying again"}};
    Cause first{{}, "nothing"};
    for (const auto& cause : causes) {
        if (cause.at && (!first.at || *cause.at < *first.at)) {
            first = cause;
        }
    }
    return first;
}

std::optional<Agenda::Time> Agenda::due(seconds local_offset) const {
    const auto at = first_cause().at;
    if (!at || !schedule_.window) {
        return at;
    }
    const auto local = (at->time_since_epoch() + local_offset) % day;
    return *at + schedule_.window->opens_in(local);
}

std::string_view Agenda::reason() const {
    return first_cause().reason;
}

}  // namespace snapferry
