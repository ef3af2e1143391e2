#include "snapferry/core/time/period.h"

namespace snapferry {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;

constexpr ByPeriod<std::string_view> names{"hour", "day", "week", "month", "year"};

/// A day of 25 hours comes once a year, and may be the first of a week, or any.
constexpr hours clock_change{1};
constexpr ByPeriod<hours> longest_lengths{hours{1}, days{1} + clock_change, days{7} + clock_change,
                                          days{31} + clock_change, days{366} + clock_change};

std::int64_t hour_key(const LocalMoment& moment) {
    constexpr std::int64_t offsets = 1 << 18;  // seconds; more than any two offsets differ by
    const auto hour = std::chrono::floor<hours>(moment.at + moment.offset).time_since_epoch();
    return static_cast<std::int64_t>(hour.count()) * offsets + moment.offset.count() + offsets / 2;
}

}  // namespace

std::string_view name_of(Period period) {
    return names.at(index_of(period));
}

std::chrono::hours longest(Period period) {
    return longest_lengths.at(index_of(period));
}

std::int64_t period_key(Period period, const LocalMoment& moment) {
    const sys_days day = std::chrono::floor<days>(moment.at + moment.offset);
    const std::chrono::year_month_day date(day);
    switch (period) {
        case Period::hour:
            return hour_key(moment);
        case Period::day:
            return day.time_since_epoch().count();
        case Period::week: {
            constexpr days monday_before_1970{3};  // 1970-01-01 was a Thursday
            const auto since = day.time_since_epoch() + monday_before_1970;
            return std::chrono::floor<std::chrono::weeks>(since).count();
        }
        case Period::month:
            return static_cast<int>(date.year()) * std::int64_t{12} +
                   static_cast<unsigned>(date.month());
        case Period::year:
            return static_cast<int>(date.year());
    }
    return 0;
}

}  // namespace snapferry
