#include "snapferry/core/agenda/calendar_plan.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr Moment start{BootTime{100h}, std::chrono::sys_days{std::chrono::days{20'000}}, 0s};

std::vector<std::chrono::sys_seconds> each(seconds step,
                                           std::size_t count = CalendarPlan::asked_for) {
    std::vector<std::chrono::sys_seconds> times;
    for (std::size_t number = 1; number <= count; ++number)
        times.push_back(start.wall + step * static_cast<int>(number));
    return times;
}

}  // namespace

TEST_CASE("nothing is known of a calendar before somebody was asked") {
    const CalendarPlan plan;
    CHECK(plan.is_to_be_asked(start));
    CHECK_FALSE(plan.next_after(start.wall));
    CHECK_FALSE(plan.never_comes(start));
}

TEST_CASE("the next time is the first after a moment") {
    CalendarPlan plan;
    plan.answered(each(24h), start);
    CHECK(plan.next_after(start.wall) == start.wall + 24h);
    CHECK(plan.next_after(start.wall + 24h) == start.wall + 48h);
    CHECK(plan.next_after(start.wall + 25h) == start.wall + 48h);
}

TEST_CASE("it is asked again once a day, and before the times are used up") {
    CalendarPlan daily;
    daily.answered(each(24h), start);
    CHECK_FALSE(daily.is_to_be_asked(start + 23h));
    CHECK(daily.is_to_be_asked(start + 24h));
    CalendarPlan frequent;
    frequent.answered(each(1min), start);
    CHECK_FALSE(frequent.is_to_be_asked(start + 30min));
    CHECK(frequent.is_to_be_asked(start + 33min));
    CalendarPlan each_second;
    each_second.answered(each(1s), start);
    CHECK_FALSE(each_second.is_to_be_asked(start + 9s));
}

TEST_CASE("where nobody answers what is known goes on to count, and then as it went") {
    CalendarPlan plan;
    plan.answered(each(1h), start);
    auto now = start + 32h;
    seconds before = 0s;
    for (int failure = 0; failure < 12; ++failure) {
        const auto pause = plan.failed(now);
        CHECK(pause >= before);
        CHECK(pause <= 1h);
        CHECK_FALSE(plan.is_to_be_asked(now));
        CHECK(plan.is_to_be_asked(now + pause));
        before = pause;
    }
    CHECK(plan.next_after(start.wall + 40h) == start.wall + 41h);
    CHECK(plan.next_after(start.wall + 64h) == start.wall + 65h);
    CHECK(plan.next_after(start.wall + 1000h + 1min) == start.wall + 1001h);
    CHECK_FALSE(plan.never_comes(start + 1000h));
}

TEST_CASE("a calendar that has an end never comes after it") {
    CalendarPlan past;
    past.answered({}, start);
    CHECK(past.never_comes(start));
    CalendarPlan once;
    once.answered(each(1h, 1), start);
    CHECK_FALSE(once.never_comes(start));
    CHECK(once.next_after(start.wall) == start.wall + 1h);
    CHECK(once.never_comes(start + 2h));
}

TEST_CASE("when the clock was set a calendar is to be asked at once") {
    CalendarPlan plan;
    plan.answered(each(24h), start);
    plan.clock_was_set(start + 1h);
    CHECK(plan.is_to_be_asked(start + 1h));
    CHECK(plan.next_after(start.wall + 1h) == start.wall + 24h);
}
