#include "snapferry/core/time/calendar_answer.h"

#include "catch.h"

using namespace std::chrono;
using snapferry::parse_calendar_answer;
using snapferry::refuses_calendar_expression;
using snapferry::says_never;
using Times = std::vector<sys_seconds>;

TEST_CASE("the next time of a calendar is read where the machine's zone is UTC") {
    const auto* answer =
        "  Original form: *-*-* 03:00\n"
        "Normalized form: *-*-* 03:00:00\n"
        "    Next elapse: Wed 2026-11-25 03:00:00 UTC\n"
        "       From now: 59min left\n";
    CHECK(parse_calendar_answer(answer) == Times{sys_days{2026y / 11 / 25} + 3h});
}

TEST_CASE("in another zone the line in UTC counts") {
    const auto* answer =
        "  Original form: Mon 03:00\n"
        "Normalized form: Mon *-*-* 03:00:00\n"
        "    Next elapse: Mon 2026-11-30 03:00:00 CET\n"
        "       (in UTC): Mon 2026-11-30 02:00:00 UTC\n"
        "       From now: 4 days left\n";
    CHECK(parse_calendar_answer(answer) == Times{sys_days{2026y / 11 / 30} + 2h});
}

TEST_CASE("all times are read, whatever systemd calls those after the first") {
    const auto* old =
        "    Next elapse: Fri 2026-11-27 03:00:00 UTC\n"
        "       From now: 11h left\n"
        "       Iter. #2: Mon 2026-11-30 03:00:00 UTC\n"
        "       From now: 3 days left\n";
    const auto* now =
        "    Next elapse: Fri 2026-11-27 04:00:00 CET\n"
        "       (in UTC): Fri 2026-11-27 03:00:00 UTC\n"
        "       From now: 11h left\n"
        "   Iteration #2: Mon 2026-11-30 04:00:00 CET\n"
        "       (in UTC): Mon 2026-11-30 03:00:00 UTC\n";
    const Times times{sys_days{2026y / 11 / 27} + 3h, sys_days{2026y / 11 / 30} + 3h};
    CHECK(parse_calendar_answer(old) == times);
    CHECK(parse_calendar_answer(now) == times);
}

TEST_CASE("that there is no time, and that it is no expression, must be said to be true") {
    CHECK(says_never("    Next elapse: never\n"));
    CHECK_FALSE(says_never(""));
    CHECK(refuses_calendar_expression(
        "Failed to parse calendar specification 'every now': Invalid argument\n"));
    CHECK_FALSE(refuses_calendar_expression(""));
    CHECK_FALSE(refuses_calendar_expression("error while loading shared libraries\n"));
}

TEST_CASE("never is no time, and neither is nonsense") {
    CHECK(parse_calendar_answer("    Next elapse: never\n").empty());
    CHECK(parse_calendar_answer("").empty());
    CHECK(parse_calendar_answer("    Next elapse: Wed 2026-13-45 03:00:00 UTC\n").empty());
    CHECK(parse_calendar_answer("    Next elapse: Wed 2026-11-2").empty());
    CHECK(parse_calendar_answer("    Next elapse: Wed 2026-11-25 03:00:00 CET\n").empty());
}
