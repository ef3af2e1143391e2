#include "snapferry/core/text/time_text.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

TEST_CASE("a time is told in UTC, to the millisecond") {
    using Time = std::chrono::sys_time<std::chrono::milliseconds>;
    CHECK(utc_text(Time{0ms}) == "1970-01-01T00:00:00.000Z");
    CHECK(utc_text(Time{1795590001007ms}) == "2026-11-25T07:00:01.007Z");
    CHECK(utc_text(Time{1709251199999ms}) == "2024-02-29T23:59:59.999Z");
    CHECK(utc_text(Time{-1ms}) == "1969-12-31T23:59:59.999Z");
}
