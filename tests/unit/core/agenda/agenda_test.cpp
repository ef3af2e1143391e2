#include "snapferry/core/agenda/agenda.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

/// Midnight UTC of some day, of a machine that has been up for a while.
constexpr Moment midnight{BootTime{100h}, std::chrono::sys_days{std::chrono::days{20'000}}, 0s};

Moment set_by(const Moment& now, seconds by) {
    return {now.steady, now.wall + by, now.local_offset};
}

Moment in_zone(const Moment& now, seconds offset) {
    return {now.steady, now.wall, offset};
}

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

Schedule by_calendar() {
    Schedule schedule;
    schedule.on_change = false;
    schedule.calendar = "daily";
    return schedule;
}

/// An agenda whose first run has gone well.
Agenda settled(const Schedule& schedule) {
    Agenda agenda(schedule, midnight);
    agenda.ended(true, false, midnight, 0);
    return agenda;
}

/// How long after midnight it is due, as seen then.
std::optional<seconds> due(const Agenda& agenda, const Moment& now = midnight) {
    const auto at = agenda.due(now);
    return at ? std::optional(std::chrono::floor<seconds>(*at - midnight.steady)) : std::nullopt;
}

}  // namespace

TEST_CASE("after a start a job is due at once: what appeared before was perhaps not sent") {
    CHECK(due(Agenda(only_on_change(), midnight)) == 0s);
    CHECK(due(Agenda(every(6h), midnight)) == 0s);
    CHECK(Agenda(only_on_change(), midnight).reason(midnight) == "starting");
}

TEST_CASE("without a change and a schedule nothing is due") {
    CHECK_FALSE(due(settled(only_on_change())));
}

TEST_CASE("a new snapshot is sent when its directory has settled") {
    auto agenda = settled(only_on_change());
    agenda.change_seen(midnight + 100s);
    CHECK(due(agenda) == 110s);
    agenda.change_seen(midnight + 105s);
    CHECK(due(agenda) == 115s);
    CHECK(agenda.reason(midnight) == "a new snapshot");
    agenda.ended(true, false, midnight + 120s, 0);
    CHECK_FALSE(due(agenda));
}

TEST_CASE("a directory that never settles is not waited for for ever") {
    auto agenda = settled(only_on_change());
    for (auto after = 0s; after < 1h; after += 5s)
        agenda.change_seen(midnight + after);
    CHECK(due(agenda) == 100s);
}

TEST_CASE("a change is nothing to a job that goes by the clock alone") {
    auto agenda = settled(every(6h));
    agenda.change_seen(midnight + 1h);
    CHECK(due(agenda) == 6h);
    CHECK(agenda.reason(midnight) == "its time has come");
}

TEST_CASE("jitter makes a job late by up to so much, never early") {
    Agenda agenda(every(6h, 10min), midnight);
    for (const double random : {0.0, 0.5, 1.0}) {
        agenda.ended(true, false, midnight, random);
        CHECK(due(agenda) == 6h + std::chrono::duration_cast<seconds>(10min * random));
    }
}

TEST_CASE("of several causes the first counts") {
    auto schedule = every(6h);
    schedule.on_change = true;
    schedule.calendar = "daily";
    auto agenda = settled(schedule);
    agenda.set_calendar_time(midnight.wall + 5h, 0);
    CHECK(due(agenda) == 5h);
    CHECK(agenda.reason(midnight) == "the calendar");
    agenda.change_seen(midnight + 1h);
    CHECK(due(agenda) == 1h + 10s);
    agenda.set_calendar_time({}, 0);
    agenda.ended(true, false, midnight + 2h, 0);
    CHECK(due(agenda) == 8h);
}

TEST_CASE("after a failure it is tried again soon, then less and less often, within an hour") {
    auto agenda = settled(only_on_change());
    seconds before = 0s;
    for (int failure = 0; failure < 20; ++failure) {
        agenda.ended(false, false, midnight, 1.0);
        const auto pause = due(agenda).value();
        CHECK(pause >= before);
        CHECK(pause >= 1min);
        CHECK(pause <= 1h);
        before = pause;
    }
    CHECK(before == 1h);
    CHECK(agenda.failures() == 20);
    agenda.ended(true, false, midnight, 1.0);
    CHECK_FALSE(due(agenda));
    CHECK(agenda.failures() == 0);
}

TEST_CASE("a new snapshot does not wait for the next try of the old one") {
    auto agenda = settled(only_on_change());
    for (int failure = 0; failure < 10; ++failure)
        agenda.ended(false, false, midnight, 1.0);
    agenda.change_seen(midnight + 1min);
    CHECK(due(agenda) == 1min + 10s);
}

TEST_CASE("where somebody else is at work it waits, longer each time, and that is no failure") {
    auto agenda = settled(only_on_change());
    agenda.change_seen(midnight);
    seconds before = 0s;
    for (int times = 0; times < 20; ++times) {
        agenda.postponed(midnight, 1.0);
        const auto pause = due(agenda).value();
        CHECK(pause >= before);
        CHECK(pause >= 1min);
        CHECK(pause <= 1h);
        before = pause;
    }
    CHECK(before == 1h);
    CHECK(agenda.failures() == 0);
    CHECK(agenda.reason(midnight) == "another run was at work");
    agenda.ended(true, false, midnight, 0);
    agenda.postponed(midnight, 1.0);
    CHECK(due(agenda) == 1min);
}

TEST_CASE("a failure that came further than the one before is tried again soon") {
    auto agenda = settled(only_on_change());
    for (int failure = 0; failure < 10; ++failure)
        agenda.ended(false, false, midnight, 1.0);
    CHECK(due(agenda) == 1h);
    agenda.ended(false, true, midnight, 1.0);
    CHECK(due(agenda) == 1min);
    agenda.ended(false, false, midnight, 1.0);
    CHECK(due(agenda) == 2min);
}

TEST_CASE("whatever is due waits for the window, by local time") {
    auto schedule = only_on_change();
    schedule.window = QuietWindow::parse("01:00-07:00");
    const auto noon = midnight + 12h;
    const Agenda agenda(schedule, noon);
    CHECK(due(agenda, noon) == 25h);
    CHECK(due(agenda, in_zone(noon, 2h)) == 23h);   // it is two hours later there
    CHECK(due(agenda, in_zone(noon, -5h)) == 30h);  // and five hours earlier here
    CHECK(due(Agenda(schedule, midnight + 2h), midnight + 2h) == 2h);
}

TEST_CASE("what was due within the window and had no room does not begin when it is shut") {
    auto schedule = only_on_change();
    schedule.window = QuietWindow::parse("01:00-07:00");
    const Agenda agenda(schedule, midnight + 2h);
    CHECK(due(agenda, midnight + 6h) == 2h);
    CHECK(due(agenda, midnight + 8h) == 25h);
    CHECK(due(agenda, midnight + 26h) == 2h);
}

TEST_CASE("what lasts goes on when the clock is set, either way and however far") {
    for (const seconds by :
         {seconds(-3000 * 24h), seconds(-1h), seconds(1h), seconds(3000 * 24h)}) {
        auto agenda = settled(every(6h));
        const auto set = set_by(midnight + 1h, by);
        agenda.clock_was_set(by, set);
        CHECK(due(agenda, set) == 6h);

        auto failed = settled(only_on_change());
        failed.ended(false, false, midnight, 1.0);
        failed.clock_was_set(by, set);
        CHECK(due(failed, set) == 1min);

        auto changed = settled(only_on_change());
        changed.change_seen(midnight);
        changed.clock_was_set(by, set);
        CHECK(due(changed, set) == 10s);
    }
}

TEST_CASE("a time of the calendar is looked up by the clock as it is") {
    auto agenda = settled(by_calendar());
    CHECK(agenda.wants_calendar_time(midnight));
    agenda.set_calendar_time(midnight.wall + 5h, 0);
    CHECK_FALSE(agenda.wants_calendar_time(midnight));
    const auto ahead = set_by(midnight + 1h, 2h);
    agenda.clock_was_set(2h, ahead);
    CHECK(due(agenda, ahead) == 3h);
    const auto beyond = set_by(midnight + 1h, 6h);
    CHECK(due(agenda, beyond).value() <= 1h);  // it has passed, and nobody has run it
}

TEST_CASE("where the clock is set back the calendar goes on as before until it is read anew") {
    auto agenda = settled(by_calendar());
    agenda.set_calendar_time(midnight.wall + 5h, 0);
    constexpr seconds by = -3000 * 24h;
    const auto back = set_by(midnight + 1h, by);
    agenda.clock_was_set(by, back);
    CHECK(due(agenda, back) == 5h);
    CHECK(agenda.wants_calendar_time(back));
    agenda.set_calendar_time(back.wall + 1h, 0);
    CHECK(due(agenda, back) == 2h);

    auto overdue = settled(by_calendar());
    overdue.set_calendar_time(midnight.wall + 30min, 0);
    overdue.clock_was_set(by, back);
    CHECK(due(overdue, back) == 30min);
    CHECK_FALSE(overdue.wants_calendar_time(back));  // it is due, whatever comes next
}
