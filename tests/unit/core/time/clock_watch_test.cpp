#include "snapferry/core/time/clock_watch.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr Moment start{BootTime{100h}, std::chrono::sys_days{std::chrono::days{20'000}}, 0s};

}  // namespace

TEST_CASE("a clock that goes as time does was not set") {
    ClockWatch watch;
    for (auto after = 0h; after < 100h; ++after)
        CHECK_FALSE(watch.jump(start + after));
}

TEST_CASE("a clock that is set is noticed once, either way and however far") {
    for (const seconds by :
         {seconds(-3000 * 24h), seconds(-61s), seconds(61s), seconds(20'000 * 24h)}) {
        ClockWatch watch;
        CHECK_FALSE(watch.jump(start));
        auto set = start + 10s;
        set.wall += by;
        CHECK(watch.jump(set) == by);
        CHECK_FALSE(watch.jump(set + 10s));
    }
}

TEST_CASE("what a clock gains little by little is noticed when it has become much") {
    ClockWatch watch;
    CHECK_FALSE(watch.jump(start));
    auto gained = start;
    for (int step = 0; step < 59; ++step) {
        gained.wall += 1s;
        CHECK_FALSE(watch.jump(gained));
    }
    gained.wall += 1s;
    CHECK(watch.jump(gained) == 60s);
}
