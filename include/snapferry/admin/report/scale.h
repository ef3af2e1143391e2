#pragma once

#include <span>
#include <string>
#include <vector>

#include "snapferry/core/report/run_report.h"

namespace snapferry::admin {

/// From which moment to which a chart goes.
struct TimeRange {
    WallTime from{};
    WallTime to{};

    /// 0 at its begin, 1 at its end.
    [[nodiscard]] double share(WallTime time) const;
};

/// From the earliest of `times` to `now`, or to the latest where the clock was set back; at least
/// an hour.
TimeRange time_range(std::span<const WallTime> times, WallTime now);

struct TimeTick {
    WallTime at{};
    std::string label;
};

/// At most seven round moments of local time within the range, at even distances.
std::vector<TimeTick> time_ticks(const TimeRange& range);

/// How values become heights.
struct ValueScale {
    bool logarithmic = false;
    double low = 0;
    double high = 1;
    std::vector<double> ticks;

    /// 0 at the bottom, 1 at the top.
    [[nodiscard]] double share(double value) const;
};

/// A scale on which all of the values can be told apart: from 0 on, or by magnitude where the
/// largest is more than fifty times the smallest (the first send beside its increments).
/// `steps`: numbers that are round in the values' unit, ascending. Ticks are of these.
ValueScale value_scale(std::span<const double> values, std::span<const double> steps);

/// Round numbers of bytes: the powers of 2.
std::span<const double> byte_steps();

/// Round numbers of seconds.
std::span<const double> second_steps();

}  // namespace snapferry::admin
