#include "snapferry/core/agenda/calendar_plan.h"

#include <algorithm>
#include <utility>

namespace snapferry {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// The machine's zone, or its rules for summer time, may have changed by then.
constexpr seconds longest_trust = 24h;

/// For a calendar that names every second.
constexpr seconds shortest_trust = 10s;

constexpr seconds first_pause = 30s;
constexpr seconds longest_pause = 1h;

}  // namespace

void CalendarPlan::answered(std::vector<sys_seconds> times, const Moment& now) {
    times_ = std::move(times);
    was_answered_ = true;
    failures_ = 0;
    const bool has_more = times_.size() >= asked_for;
    const auto half_used_in = has_more ? times_.at(times_.size() / 2) - now.wall : longest_trust;
    ask_at_ = now.steady + std::clamp<seconds>(half_used_in, shortest_trust, longest_trust);
}

seconds CalendarPlan::failed(const Moment& now) {
    const auto pause = std::min(longest_pause, first_pause * (1 << std::min(failures_, 10U)));
    ++failures_;
    ask_at_ = now.steady + pause;
    return pause;
}

std::optional<sys_seconds> CalendarPlan::next_after(sys_seconds time) const {
    const auto next = std::upper_bound(times_.begin(), times_.end(), time);
    if (next != times_.end()) {
        return *next;
    }
    if (times_.size() < asked_for) {
        return std::nullopt;  // these were all, or nobody has ever answered
    }
    const auto step = std::max<seconds>(times_.back() - times_.at(times_.size() - 2), 1s);
    return times_.back() + step * ((time - times_.back()) / step + 1);
}

bool CalendarPlan::never_comes(const Moment& now) const {
    return was_answered_ && !next_after(now.wall);
}

}  // namespace snapferry
