#include "snapferry/core/time/calendar_answer.h"

#include "catch.h"

using namespace std::chrono;
using snapferry::parse_calendar_answer;

TEST_CASE("the next time of a calendar is read where the machine's zone is UTC") {
    const auto* answer =
        "  Original form: *-*-* 03:00\n"
        "Normalized form: *-*-* 03:00:00\n"
        "    Next elapse: Wed 2026-11-25 03:00:00 UTC\n"
        "       From now: 59min left\n";
    CHECK(parse_calendar_answer(answer) == sys_days{2026y / 11 / 25} + 3h);
}

TEST_CASE("in another zone the line in UTC counts") {
    const auto* answer =
        "  Original form: Mon 03:00\n"
        "Normalized form: Mon *-*-* 03:00:00\n"
        "    Next elapse: Mon 2026-11-30 03:00:00 CET\n"
        "       (in UTC): Mon 2026-11-30 02:00:00 UTC\n"
        "       From now: 4 days left\n";
    CHECK(parse_calendar_answer(answer) == sys_days{2026y / 11 / 30} + 2h);
}

TEST_CASE("never is no time, and neither is nonsense") {
    CHECK_FALSE(parse_calendar_answer("    Next elapse: never\n"));
    CHECK_FALSE(parse_calendar_answer(""));
    CHECK_FALSE(parse_calendar_answer("    Next elapse: Wed 2026-13-45 03:00:00 UTC\n"));
    CHECK_FALSE(parse_calendar_answer("    Next elapse: Wed 2026-11-2"));
    CHECK_FALSE(parse_calendar_answer("    Next elapse: Wed 2026-11-25 03:00:00 CET\n"));
}
