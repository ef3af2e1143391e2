#include "snapferry/core/agenda/agenda.h"

#include <algorithm>
#include <array>
#include <utility>

namespace snapferry {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds day = 24h;
constexpr seconds shortest_pause = 1min;
constexpr seconds longest_pause = 1h;

/// A directory in which something happens all the time settles never: then this is enough.
constexpr int longest_settling = 10;  // times `settle`

milliseconds share_of(milliseconds whole, double share) {
    return std::chrono::duration_cast<milliseconds>(whole * std::clamp(share, 0.0, 1.0));
}

/// Doubled each time, and spread between half and the whole of that.
milliseconds pause_after(unsigned tries, double random) {
    const milliseconds doubled = shortest_pause * (1 << std::min(tries - 1, 10U));
    const auto whole = std::min<milliseconds>(longest_pause, doubled);
    return whole / 2 + share_of(whole / 2, random);
}

/// The time of the day there will be at `at`, by local time.
seconds time_of_day(BootTime at, const Moment& now) {
    const auto wall = now.wall + std::chrono::floor<seconds>(at - now.steady);
    const auto local = (wall.time_since_epoch() + now.local_offset) % day;
    return local < 0s ? local + day : local;
}

}  // namespace

Agenda::Agenda(Schedule schedule, const Moment& now)
    : schedule_(std::move(schedule)), start_(now.steady) {}

void Agenda::change_seen(const Moment& now) {
    if (!schedule_.on_change) {
        return;
    }
    change_began_ = change_began_.value_or(now.steady);
    const auto latest = *change_began_ + schedule_.settle * longest_settling;
    change_ = std::min<BootTime>(now.steady + schedule_.settle, latest);
}

void Agenda::set_calendar_time(std::optional<std::chrono::sys_seconds> next, double random) {
    const auto late = std::chrono::floor<seconds>(share_of(schedule_.jitter, random));
    calendar_ = next ? std::optional(*next + late) : std::nullopt;
    calendar_is_a_guess_ = false;
}

bool Agenda::wants_calendar_time(const Moment& now) const {
    return !calendar_ || (calendar_is_a_guess_ && *calendar_ > now.wall);
}

void Agenda::clock_was_set(seconds by, const Moment& now) {
    if (calendar_ && by < 0s) {
        *calendar_ += by;
        calendar_is_a_guess_ = *calendar_ > now.wall;
    }
}

void Agenda::ended(bool well, bool got_further, const Moment& now, double random) {
    start_.reset();
    change_.reset();
    change_began_.reset();
    calendar_.reset();
    every_ = schedule_.every ? std::optional<BootTime>(now.steady + *schedule_.every +
                                                       share_of(schedule_.jitter, random))
                             : std::nullopt;
    postponements_ = 0;
    failures_ = well ? 0 : (got_further ? 1 : failures_ + 1);
    again_ =
        well ? std::nullopt : std::optional<BootTime>(now.steady + pause_after(failures_, random));
}

void Agenda::postponed(const Moment& now, double random) {
    change_.reset();
    change_began_.reset();
    for (auto* const at : {&every_, &again_}) {
        if (*at && **at <= now.steady) {
            at->reset();
        }
    }
    if (calendar_ && *calendar_ <= now.wall) {
        calendar_.reset();
    }
    ++postponements_;
    start_ = now.steady + pause_after(postponements_, random);
}

Agenda::Cause Agenda::first_cause(const Moment& now) const {
    const auto calendar = calendar_ ? std::optional(steady_time_of(*calendar_, now)) : std::nullopt;
    const std::array causes{
        Cause{start_, postponements_ > 0 ? "another run was at work" : "starting"},
        Cause{change_, "a new snapshot"}, Cause{every_, "its time has come"},
        Cause{calendar, "the calendar"}, Cause{again_, "trying again"}};
    Cause first{{}, "nothing"};
    for (const auto& cause : causes) {
        if (cause.at && (!first.at || *cause.at < *first.at)) {
            first = cause;
        }
    }
    return first;
}

std::optional<BootTime> Agenda::due(const Moment& now) const {
    const auto at = first_cause(now).at;
    if (!at || !schedule_.window) {
        return at;
    }
    // What has waited for room until the window was shut waits for the next one.
    const auto earliest = std::max(*at, now.steady);
    const auto opens_in = schedule_.window->opens_in(time_of_day(earliest, now));
    return opens_in > 0s ? earliest + opens_in : *at;
}

std::string_view Agenda::reason(const Moment& now) const {
    return first_cause(now).reason;
}

}  // namespace snapferry
