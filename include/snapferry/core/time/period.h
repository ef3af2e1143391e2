#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Hours, days, weeks, months and years of a place, from a moment and how far its clocks were ahead
/// then. Nothing in here knows a zone.
namespace snapferry {

enum class Period { hour, day, week, month, year };

inline constexpr std::array all_periods{Period::hour, Period::day, Period::week, Period::month,
                                        Period::year};

/// One value for each period.
template <typename Value>
using ByPeriod = std::array<Value, all_periods.size()>;

constexpr std::size_t index_of(Period period) {
    return static_cast<std::size_t>(period);
}

/// "day".
std::string_view name_of(Period period);

/// A moment at a place.
struct LocalMoment {
    std::chrono::sys_seconds at;
    std::chrono::seconds offset{0};  ///< how far local time was ahead of UTC

    friend bool operator==(const LocalMoment&, const LocalMoment&) = default;
};

/// A number that all moments of one period have, and those of no other. Weeks begin on Monday (ISO
/// 8601). An hour that a change of the clocks repeats is another hour, the day that holds it is one
/// day.
std::int64_t period_key(Period period, const LocalMoment& moment);

/// No period of this kind is longer.
std::chrono::hours longest(Period period);

}  // namespace snapferry
