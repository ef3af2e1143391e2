#pragma once

#include <chrono>
#include <cstdint>

namespace snapferry {

/// Time that was really seen to pass, since a backup disk's record of it was begun. No wall clock
/// moves it. See count_on().
struct CountedClock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = std::chrono::duration<rep, period>;
    using time_point = std::chrono::time_point<CountedClock>;
    static constexpr bool is_steady = true;
};
using CountedTime = CountedClock::time_point;

}  // namespace snapferry
