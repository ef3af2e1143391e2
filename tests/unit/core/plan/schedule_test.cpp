#include "snapferry/core/plan/schedule.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

TEST_CASE("a window is two times of the day") {
    for (const auto* text : {"01:00-07:00", "22:30-06:00", "00:00-23:59"})
        CHECK(QuietWindow::parse(text));
    for (const auto* text :
         {"", "01:00", "01:00-", "1:00-7:00", "01:00-24:00", "01:60-07:00", "01:00-01:00",
          "01:00 - 07:00", "01:00-07:00 ", "-1:00-07:00", "01.00-07.00"}) {
        CAPTURE(text);
        CHECK_FALSE(QuietWindow::parse(text));
    }
}

TEST_CASE("a window is open between its times, also across midnight") {
    const auto early = QuietWindow::parse("01:00-07:00").value();
    CHECK_FALSE(early.is_open(59min));
    CHECK(early.is_open(1h));
    CHECK(early.is_open(6h + 59min + 59s));
    CHECK_FALSE(early.is_open(7h));
    CHECK(early.opens_in(30min) == 30min);
    CHECK(early.opens_in(3h) == 0s);
    CHECK(early.opens_in(8h) == 17h);

    const auto night = QuietWindow::parse("22:00-06:00").value();
    CHECK(night.is_open(23h));
    CHECK(night.is_open(0s));
    CHECK(night.is_open(5h + 59min));
    CHECK_FALSE(night.is_open(6h));
    CHECK(night.opens_in(12h) == 10h);
}
