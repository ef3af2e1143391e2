#include "snapferry/core/restore/when.h"

#include "catch.h"

using namespace snapferry;
using namespace snapferry::restore;
using namespace std::chrono;

namespace {

/// Central Europe in 2026: summer from March 29 to October 25, each at 1:00 UTC.
seconds berlin(sys_seconds time) {
    const auto summer = sys_days(2026y / 3 / 29) + 1h;
    const auto winter = sys_days(2026y / 10 / 25) + 1h;
    return time >= summer && time < winter ? 2h : 1h;
}

sys_seconds utc(year_month_day date, seconds clock) {
    return sys_days(date) + clock;
}

const auto thursday = utc(2026y / 11 / 26, 19h + 57min);  // 20:57 in Berlin

std::optional<sys_seconds> when(std::string_view text, sys_seconds now = thursday) {
    return parse_when(text, now, berlin);
}

constexpr auto to_midnight = 23h + 59min + 59s;

}  // namespace

TEST_CASE("a time is the one of this machine's zone, unless it says another") {
    CHECK(when("2026-11-20T14:30:05") == utc(2026y / 11 / 20, 13h + 30min + 5s));
    CHECK(when("2026-11-20 14:30") == utc(2026y / 11 / 20, 13h + 30min));
    CHECK(when("2026-11-20 at 14:30") == utc(2026y / 11 / 20, 13h + 30min));
    CHECK(when("2026-07-20T14:30") == utc(2026y / 7 / 20, 12h + 30min));
    CHECK(when("2026-11-20T14:30:05Z") == utc(2026y / 11 / 20, 14h + 30min + 5s));
    CHECK(when("2026-11-20T14:30-05:30") == utc(2026y / 11 / 20, 20h));
    CHECK(when("2026-11-20T14:30:00+01:00") == utc(2026y / 11 / 20, 13h + 30min));
}

TEST_CASE("a day means its end") {
    CHECK(when("2026-11-20") == utc(2026y / 11 / 20, to_midnight - 1h));
    CHECK(when("yesterday") == utc(2026y / 11 / 25, to_midnight - 1h));
    CHECK(when("Tuesday") == utc(2026y / 11 / 24, to_midnight - 1h));
    CHECK(when("last tuesday") == utc(2026y / 11 / 24, to_midnight - 1h));
    CHECK(when("last Thursday") == utc(2026y / 11 / 19, to_midnight - 1h));
    CHECK(when("friday") == utc(2026y / 11 / 20, to_midnight - 1h));
    CHECK(when("sunday") == utc(2026y / 11 / 22, to_midnight - 1h));
}

TEST_CASE("a day with a time of day means that") {
    CHECK(when("yesterday 09:15") == utc(2026y / 11 / 25, 8h + 15min));
    CHECK(when("yesterday at 09:15") == utc(2026y / 11 / 25, 8h + 15min));
    CHECK(when("last tuesday at 23:00:01") == utc(2026y / 11 / 24, 22h + 1s));
    CHECK(when("today 08:00") == utc(2026y / 11 / 26, 7h));
}

TEST_CASE("how long ago is counted from now") {
    CHECK(when("now") == thursday);
    CHECK(when("today") == thursday);
    CHECK(when("90 minutes ago") == thursday - 90min);
    CHECK(when("an hour ago") == thursday - 1h);
    CHECK(when("2 days ago") == thursday - days(2));
    CHECK(when("  2   DAYS ago ") == thursday - days(2));
    CHECK(when("a week ago") == thursday - days(7));
    CHECK(when("3 weeks ago") == thursday - days(21));
    CHECK(when("1 year ago") == utc(2025y / 11 / 26, 19h + 57min));
    CHECK(when("2 months ago") == utc(2026y / 9 / 26, 18h + 57min));  // the same hour, in summer
    CHECK(when("6 months ago", utc(2026y / 8 / 31, 10h)) == utc(2026y / 2 / 28, 11h));
}

TEST_CASE("the night in which the clocks change has its ends where the clocks show them") {
    const auto after = utc(2026y / 10 / 26, 8h);
    CHECK(when("yesterday", after) == utc(2026y / 10 / 25, to_midnight - 1h));
    CHECK(when("2 days ago", after) == utc(2026y / 10 / 24, 7h));
    CHECK(when("2026-10-25 02:30", after) == utc(2026y / 10 / 25, 1h + 30min));
    CHECK(when("2026-03-29 02:30", after) == utc(2026y / 3 / 29, 1h + 30min));
}

TEST_CASE("no other text is a time") {
    for (const auto* const text : {"",
                                   " ",
                                   "2026",
                                   "2026-11",
                                   "2026-11-31",
                                   "2026-13-01",
                                   "26-11-20",
                                   "2026-11-20T25:00",
                                   "2026-11-20T",
                                   "2026-11-20T14",
                                   "2026-11-20T14:30:05+1",
                                   "2026-11-20 14:3",
                                   "14:30",
                                   "ago",
                                   "days ago",
                                   "2 ago",
                                   "-2 days ago",
                                   "2 fortnights ago",
                                   "two days ago",
                                   "9999999 days ago",
                                   "last",
                                   "last week",
                                   "next tuesday",
                                   "yesterday yesterday",
                                   "yesterday 25:00",
                                   "tomorrow",
                                   "12001 months ago",
                                   "1e3 days ago",
                                   "0x2 days ago",
                                   "2026-11-20T14:30:05Zx",
                                   "2021-08-17T07:00:01+00:00-@daily"}) {
        CAPTURE(text);
        CHECK_FALSE(when(text));
    }
    CHECK_FALSE(when(std::string(65, ' ') + "now"));
}
