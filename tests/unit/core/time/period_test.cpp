#include "snapferry/core/time/period.h"

#include "catch.h"
#include "snapferry/core/time/name_time.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

/// "2026-10-25T02:30:00+02:00": the offset is that of the place.
LocalMoment moment(const std::string& text) {
    const auto at = time_in_name(text).value();
    const auto sign = text[19] == '-' ? -1 : 1;
    return {at, sign * (std::chrono::hours(std::stoi(text.substr(20, 2))) +
                        std::chrono::minutes(std::stoi(text.substr(23, 2))))};
}

bool same(Period period, const std::string& a, const std::string& b) {
    return period_key(period, moment(a)) == period_key(period, moment(b));
}

}  // namespace

TEST_CASE("a day is the place's own") {
    CHECK(same(Period::day, "2026-11-26T00:00:00+01:00", "2026-11-26T23:59:59+01:00"));
    CHECK_FALSE(same(Period::day, "2026-11-25T23:59:59+01:00", "2026-11-26T00:00:00+01:00"));
    CHECK_FALSE(same(Period::day, "2026-11-26T23:59:59-09:30", "2026-11-27T00:00:00-09:30"));
    CHECK(same(Period::day, "1969-12-31T00:00:00+00:00", "1969-12-31T23:59:59+00:00"));
}

TEST_CASE("a change of the clocks neither makes nor loses a day") {
    CHECK(same(Period::day, "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"));
    CHECK_FALSE(same(Period::day, "2026-10-25T23:59:59+01:00", "2026-10-26T00:00:00+01:00"));
    CHECK(same(Period::day, "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"));
    CHECK_FALSE(same(Period::day, "2026-03-28T23:59:59+01:00", "2026-03-29T00:00:00+01:00"));
}

TEST_CASE("an hour that is repeated in autumn is another hour") {
    CHECK_FALSE(same(Period::hour, "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"));
    CHECK(same(Period::hour, "2026-10-25T02:00:00+01:00", "2026-10-25T02:59:59+01:00"));
    CHECK_FALSE(same(Period::hour, "2026-10-25T01:59:59+02:00", "2026-10-25T02:00:00+02:00"));
}

TEST_CASE("a week begins on Monday and does not end with the year") {
    CHECK(same(Period::week, "2026-11-23T00:00:00+01:00", "2026-11-29T23:59:59+01:00"));
    CHECK_FALSE(same(Period::week, "2026-11-22T23:59:59+01:00", "2026-11-23T00:00:00+01:00"));
    CHECK(same(Period::week, "2025-12-29T12:00:00+01:00", "2026-01-04T12:00:00+01:00"));
    CHECK(same(Period::week, "1969-12-29T00:00:00+00:00", "1970-01-04T23:59:59+00:00"));
}

TEST_CASE("a month and a year end at the place's midnight") {
    CHECK(same(Period::month, "2026-02-01T00:00:00+05:45", "2026-02-28T23:59:59+05:45"));
    CHECK_FALSE(same(Period::month, "2026-02-28T23:59:59+05:45", "2026-03-01T00:00:00+05:45"));
    CHECK_FALSE(same(Period::month, "2025-11-26T12:00:00+00:00", "2026-11-26T12:00:00+00:00"));
    CHECK(same(Period::year, "2026-01-01T00:00:00+01:00", "2026-12-31T23:59:59+01:00"));
    CHECK_FALSE(same(Period::year, "2026-12-31T23:59:59+01:00", "2027-01-01T00:00:00+01:00"));
    CHECK_FALSE(same(Period::year, "2039-12-31T23:59:59+01:00", "2040-01-01T00:00:00+01:00"));
}
