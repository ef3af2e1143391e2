#include "snapferry/send/rotation/how_rotations_stand.h"

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {
namespace {

using std::chrono::sys_seconds;

void look_at_calendar(const Rotation& rotation, sys_seconds now, RotationStanding& standing) {
    const auto since = standing.last.value_or(now);
    auto times = sys::calendar_times_after(rotation.calendar, since);
    if (!times.empty() && times.front() <= now) {
        standing.missed = times.front();
    }
    if (!times.empty() && times.back() <= now) {
        times = sys::calendar_times_after(rotation.calendar, now);
    }
    const auto next = std::upper_bound(times.begin(), times.end(), now);
    if (next != times.end()) {
        standing.next = *next;
    }
}

RotationStanding how_it_stands(const Rotation& rotation, sys_seconds now) {
    RotationStanding standing{rotation.name, rotation.subvolume.native()};
    try {
        standing.last = last_rotated(rotation);
        look_at_calendar(rotation, now, standing);
    } catch (const Failure& failure) {
        standing.unknown = failure_text(failure);
    }
    return standing;
}

}  // namespace

std::vector<RotationStanding> how_rotations_stand(const std::vector<Rotation>& rotations,
                                                  sys_seconds now) {
    std::vector<RotationStanding> all;
    for (const auto& rotation : rotations) {
        if (!rotation.calendar.empty()) {
            all.push_back(how_it_stands(rotation, now));
        }
    }
    return all;
}

}  // namespace snapferry::send
