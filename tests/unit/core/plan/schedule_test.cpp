#include "snapferry/core/plan/schedule.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

/// Midnight UTC of some day.
constexpr Agenda::Time midnight{std::chrono::sys_days{std::chrono::days{20'000}}};

Schedule only_on_change() {
    return {};
}

Schedule every(seconds time, seconds jitter = 0s) {
    Schedule schedule;
    schedule.on_change = false;
    schedule.every = time;
    schedule.jitter = jitter;
    return schedule;
}

/// An agenda whose first run has gone well.
Agenda settled(const Schedule& schedule) {
    Agenda agenda(schedule, midnight);
    agenda.ended(true, midnight, 0);
    return agenda;
}

}  // namespace

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

TEST_CASE("after a start a job is due at once: what appeared before was perhaps not sent") {
    CHECK(Agenda(only_on_change(), midnight).due(0s) == midnight);
    CHECK(Agenda(every(6h), midnight).due(0s) == midnight);
    CHECK(Agenda(only_on_change(), midnight).reason() == "starting");
}

TEST_CASE("without a change and a schedule nothing is due") {
    CHECK_FALSE(settled(only_on_change()).due(0s));
}

TEST_CASE("a new snapshot is sent when its directory has settled") {
    auto agenda = settled(only_on_change());
    agenda.change_seen(midnight + 100s);
    CHECK(agenda.due(0s) == midnight + 110s);
    agenda.change_seen(midnight + 105s);
    CHECK(agenda.due(0s) == midnight + 115s);
    CHECK(agenda.reason() == "a new snapshot");
    agenda.ended(true, midnight + 120s, 0);
    CHECK_FALSE(agenda.due(0s));
}

TEST_CASE("a directory that never settles is not waited for for ever") {
    auto agenda = settled(only_on_change());
    for (auto now = midnight; now < midnight + 1h; now += 5s)
        agenda.change_seen(now);
    CHECK(agenda.due(0s) == midnight + 100s);
}

TEST_CASE("a change is nothing to a job that goes by the clock alone") {
    auto agenda = settled(every(6h));
    agenda.change_seen(midnight + 1h);
    CHECK(agenda.due(0s) == midnight + 6h);
    CHECK(agenda.reason() == "its time has come");
}

TEST_CASE("jitter makes a job late by up to so much, never early") {
    Agenda agenda(every(6h, 10min), midnight);
    for (const double random : {0.0, 0.5, 1.0}) {
        agenda.ended(true, midnight, random);
        CHECK(agenda.due(0s) ==
              midnight + 6h + std::chrono::duration_cast<seconds>(10min * random));
    }
}

TEST_CASE("of several causes the first counts") {
    auto schedule = every(6h);
    schedule.on_change = true;
    schedule.calendar = "daily";
    auto agenda = settled(schedule);
    agenda.set_calendar_time(midnight + 5h, 0);
    CHECK(agenda.due(0s) == midnight + 5h);
    CHECK(agenda.reason() == "the calendar");
    agenda.change_seen(midnight + 1h);
    CHECK(agenda.due(0s) == midnight + 1h + 10s);
    agenda.set_calendar_time({}, 0);
    agenda.ended(true, midnight + 2h, 0);
    CHECK(agenda.due(0s) == midnight + 8h);
}

TEST_CASE("after a failure it is tried again soon, then less and less often, within an hour") {
    auto agenda = settled(only_on_change());
    seconds before = 0s;
    for (int failure = 0; failure < 20; ++failure) {
        agenda.ended(false, midnight, 1.0);
        const auto pause = agenda.due(0s).value() - midnight;
        CHECK(pause >= before);
        CHECK(pause >= 1min);
        CHECK(pause <= 1h);
        before = pause;
    }
    CHECK(before == 1h);
    CHECK(agenda.failures() == 20);
    agenda.ended(true, midnight, 1.0);
    CHECK_FALSE(agenda.due(0s));
    CHECK(agenda.failures() == 0);
}

TEST_CASE("a new snapshot does not wait for the next try of the old one") {
    auto agenda = settled(only_on_change());
    for (int failure = 0; failure < 10; ++failure)
        agenda.ended(false, midnight, 1.0);
    agenda.change_seen(midnight + 1min);
    CHECK(agenda.due(0s) == midnight + 1min + 10s);
}

TEST_CASE("where somebody else is at work it waits a minute, and that is no failure") {
    auto agenda = settled(only_on_change());
    agenda.change_seen(midnight);
    agenda.postponed(midnight + 10s);
    CHECK(agenda.due(0s) == midnight + 70s);
    CHECK(agenda.failures() == 0);
}

TEST_CASE("whatever is due waits for the window, by local time") {
    auto schedule = only_on_change();
    schedule.window = QuietWindow::parse("01:00-07:00");
    Agenda agenda(schedule, midnight + 12h);
    CHECK(agenda.due(0s) == midnight + 25h);
    CHECK(agenda.due(2h) == midnight + 23h);   // it is two hours later there
    CHECK(agenda.due(-5h) == midnight + 30h);  // and five hours earlier here
    CHECK(Agenda(schedule, midnight + 2h).due(0s) == midnight + 2h);
}
