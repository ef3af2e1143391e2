#include "snapferry/core/time/name_time.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono;

TEST_CASE("a name that begins with a time tells it") {
    const sys_seconds seven = sys_days(year(2021) / 8 / 17) + hours(7) + seconds(1);
    CHECK(time_in_name("2021-08-17T07:00:01+00:00-@hourly") == seven);
    CHECK(time_in_name("2021-08-17T09:00:01+02:00") == seven);
    CHECK(time_in_name("2021-08-17T02:30:01-04:30-@x") == seven);
}

TEST_CASE("any other name tells none") {
    for (const auto* const name :
         {"", "home", "2021-08-17", "2021-08-17T07:00:01", "2021-08-17 07:00:01+00:00-@daily",
          "2021-13-17T07:00:01+00:00", "2021-02-30T07:00:01+00:00", "2021-08-17T24:00:01+00:00",
          "2021-08-17T07:60:01+00:00", "2021-08-17T07:00:01Z00:00", "x2021-08-17T07:00:01+00:00"})
        CHECK_FALSE(time_in_name(name));
}
