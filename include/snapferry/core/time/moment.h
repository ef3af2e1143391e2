#pragma once

#include <chrono>

namespace snapferry {

/// Time since the machine started, sleep included, as CLOCK_BOOTTIME counts it: nobody can set it.
/// (CLOCK_MONOTONIC stands still while a NAS sleeps, and what is due then would be late by that.)
/// It is read by sys::now().
struct BootClock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

/// One moment by both clocks. Whatever lasts is planned by `steady`; `wall` is for times of the day
/// and the calendar, and may be set by anybody at any time.
struct Moment {
    BootTime steady{};
    std::chrono::sys_seconds wall{};
    std::chrono::seconds local_offset{0};  ///< what local time is ahead of UTC by
};

inline Moment operator+(const Moment& moment, BootClock::duration time) {
    return {moment.steady + time, moment.wall + std::chrono::floor<std::chrono::seconds>(time),
            moment.local_offset};
}

/// When it will be `wall`, if nobody sets the clock.
inline BootTime steady_time_of(std::chrono::sys_seconds wall, const Moment& now) {
    return now.steady + std::chrono::duration_cast<BootClock::duration>(wall - now.wall);
}

}  // namespace snapferry
