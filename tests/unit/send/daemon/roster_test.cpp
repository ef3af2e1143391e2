#include "snapferry/send/daemon/roster.h"

#include <algorithm>

#include "catch.h"
#include "snapferry/core/failure.h"

using namespace snapferry;
using namespace std::chrono_literals;
using send::Job;
using send::Roster;

namespace {

constexpr Moment start{BootTime{100h}, std::chrono::sys_days{std::chrono::days{20'000}}, 0s};

/// The next times, a day apart from each other.
std::vector<std::chrono::sys_seconds> daily(const std::string& /*expression*/) {
    std::vector<std::chrono::sys_seconds> times;
    for (int day = 1; day <= 64; ++day)
        times.push_back(start.wall + day * 24h);
    return times;
}

class Lines final : public Log {
  public:
    void write(Severity /*severity*/, std::string_view line) override { all.emplace_back(line); }
    std::vector<std::string> all;
};

/// By the clock alone: nobody looks into directories.
Job job(const std::string& name) {
    Job job{name, "/nowhere", "daily", Tag::parse("home"), {}};
    job.schedule.on_change = false;
    job.schedule.every = 1h;
    return job;
}

RunReport report(const std::string& name, ExitCode outcome = ExitCode::done) {
    RunReport report;
    report.job = name;
    report.identity = send::identity_of(job(name));
    report.outcome = outcome;
    return report;
}

std::vector<std::string> due(const Roster& roster, const Moment& now) {
    std::vector<std::string> names;
    for (const auto& each : roster.due(now))
        names.push_back(each->name);
    return names;
}

/// As it is configured, or nothing learnt.
AllowedAge age_of(const Job& job) {
    return job.max_age ? age_asked_for(*job.max_age) : AllowedAge{};
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("all jobs are due at the start, and then when their time has come") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a"), job("b")}, start);
    CHECK(due(roster, start) == Names{"a", "b"});
    roster.began(job("a"), start);
    CHECK(due(roster, start) == Names{"b"});
    roster.ended(report("a"), 0, start + 10s);
    roster.began(job("b"), start);
    roster.ended(report("b"), 0, start + 5s);
    CHECK(due(roster, start + 1min).empty());
    CHECK(due(roster, start + 2h) == Names{"b", "a"});  // the longest due first
}

TEST_CASE("one that found another run at work comes back, later each time, and says so") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a")}, start);
    auto now = start;
    for (const auto most : {1min, 2min, 4min, 8min}) {
        CHECK(due(roster, now) == Names{"a"});
        roster.began(job("a"), now);
        auto busy = report("a", ExitCode::busy);
        busy.error = "another run is sending";
        roster.ended(busy, 0, now);
        CHECK(due(roster, now + 29s).empty());
        now = now + most;
    }
    REQUIRE(log.all.size() == 4);
    CHECK(log.all.front().starts_with("a: another run is sending; trying again in "));
}

TEST_CASE("a new configuration leaves what has not changed where it is") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a"), job("b")}, start);
    for (const auto* name : {"a", "b"}) {
        roster.began(job(name), start);
        roster.ended(report(name), 0, start);
    }
    auto changed = job("b");
    changed.retries = 7;
    roster.set({job("a"), changed, job("c")}, start + 1min);
    CHECK(due(roster, start + 1min) == Names{"b", "c"});
}

TEST_CASE("a job that is configured anew while it runs is run again with its new settings") {
    for (const auto outcome : {ExitCode::done, ExitCode::connection, ExitCode::busy}) {
        Lines log;
        Roster roster(daily, age_of, log);
        roster.set({job("a")}, start);
        roster.began(job("a"), start);
        auto changed = job("a");
        changed.pin = false;
        roster.set({changed}, start + 1s);
        CHECK(due(roster, start + 1s).empty());  // not twice at once
        roster.set({changed}, start + 2s);       // read again, and as it was
        roster.ended(report("a", outcome), 0, start + 3s);
        REQUIRE(due(roster, start + 3s) == Names{"a"});
        CHECK_FALSE(roster.due(start + 3s).front()->pin);
        roster.began(changed, start + 3s);
        roster.ended(report("a"), 0, start + 4s);
        CHECK(due(roster, start + 1min).empty());
    }
}

TEST_CASE("a job that is removed while it runs and comes back is not run twice at once") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a")}, start);
    roster.began(job("a"), start);
    roster.set({}, start + 1s);
    roster.set({job("a")}, start + 2s);
    CHECK(due(roster, start + 2s).empty());
    roster.ended(report("a"), 0, start + 3s);
    CHECK(due(roster, start + 3s) == Names{"a"});
}

TEST_CASE("a calendar that nobody can read stops nothing, and is asked for again") {
    Lines log;
    int asked = 0;
    Roster roster(
        [&](const std::string& expression) {
            if (++asked <= 2)
                throw Failure(ExitCode::internal, "cannot ask systemd-analyze");
            return daily(expression);
        },
        age_of, log);
    auto by_calendar = job("a");
    by_calendar.schedule.every.reset();
    by_calendar.schedule.calendar = "daily";
    const std::vector<Job> jobs{by_calendar, job("b")};
    roster.set(jobs, start);
    roster.tend(start);
    CHECK(asked == 1);
    CHECK(due(roster, start) == Names{"a", "b"});
    for (const auto* name : {"a", "b"}) {
        roster.began(job(name), start);
        roster.ended(report(name), 0, start);
    }
    roster.tend(start + 1s);
    CHECK(asked == 1);  // not before its pause is over
    auto now = start;
    while (asked < 3) {
        roster.tend(now);
        now = now + 10s;
    }
    CHECK(due(roster, start + (24h - 1s)) == Names{"b"});
    CHECK(due(roster, start + 24h) == Names{"b", "a"});
    REQUIRE(log.all.size() == 2);
    CHECK(log.all.front().find("cannot ask systemd-analyze") != std::string::npos);
    roster.set(jobs, now);  // a reload asks nobody for what is known
    roster.tend(now);
    CHECK(asked == 3);
}

TEST_CASE("a configuration is taken while nobody can read its calendars") {
    Lines log;
    Roster roster(
        [](const std::string&) -> std::vector<std::chrono::sys_seconds> {
            throw Failure(ExitCode::internal, "cannot ask systemd-analyze");
        },
        age_of, log);
    roster.set({job("a")}, start);
    auto changed = job("a");
    changed.schedule.calendar = "daily";
    roster.set({changed, job("b")}, start);
    roster.tend(start);
    CHECK(due(roster, start) == Names{"a", "b"});
}

TEST_CASE("a calendar that names a past year is told of, and the job runs by what else it has") {
    Lines log;
    Roster roster([](const std::string&) { return std::vector<std::chrono::sys_seconds>{}; },
                  age_of, log);
    auto past = job("a");
    past.schedule.calendar = "2020-01-01";
    roster.set({past}, start);
    roster.tend(start);
    CHECK(log.all == Names{"a: calendar = \"2020-01-01\" names no time that is still to come"});
    roster.began(past, start);
    roster.ended(report("a"), 0, start);
    CHECK(due(roster, start + 1h) == Names{"a"});
}

TEST_CASE("a clock that is set back by years stops nothing") {
    Lines log;
    auto set_back = 0h;
    Roster roster(
        [&](const std::string& expression) {
            auto times = daily(expression);
            for (auto& time : times)
                time -= set_back;
            return times;
        },
        age_of, log);
    auto by_calendar = job("b");
    by_calendar.schedule.every.reset();
    by_calendar.schedule.calendar = "daily";
    roster.set({job("a"), by_calendar}, start);
    roster.tend(start);
    for (const auto* name : {"a", "b"}) {
        roster.began(job(name), start);
        roster.ended(report(name), 0, start);
    }
    auto later = start + 2h;
    set_back = 3000 * 24h;
    later.wall -= set_back;
    roster.tend(later);
    CHECK(due(roster, later) == Names{"a"});
    later = later + 23h;
    roster.tend(later);
    CHECK(due(roster, later) == Names{"a", "b"});
    CHECK(log.all.front().starts_with("the clock was set back by "));
}

TEST_CASE("what ends after its job was removed is nobody's") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a")}, start);
    roster.began(job("a"), start);
    roster.set({}, start);
    roster.ended(report("a"), 0, start + 1s);
    CHECK(due(roster, start + 24h).empty());
    CHECK_FALSE(roster.next_time(start));
}

TEST_CASE("it wants to be asked again when the first job is due") {
    Lines log;
    Roster roster(daily, age_of, log);
    roster.set({job("a")}, start);
    roster.tend(start);
    roster.began(job("a"), start);
    roster.ended(report("a"), 0, start);
    CHECK(roster.next_time(start).value() <= start.steady + 1h);
    CHECK(roster.next_text(start + 30min) == "next: a in 30 min (its time has come)");
}

TEST_CASE("a backup that grows too old between runs is told of, and then once a day") {
    Lines log;
    Roster roster(daily, age_of, log);
    auto watched = job("a");
    watched.schedule.every.reset();
    watched.max_age = 26h;
    roster.set({watched}, start);
    roster.began(watched, start);
    auto ended = report("a");
    ended.newest = DurableSnapshot{"a-@daily", start.wall};
    roster.ended(ended, 0, start + 1min);
    CHECK(roster.take_stale(start + 25h).empty());
    CHECK(roster.next_time(start).value() <= start.steady + 27h);
    const auto found = roster.take_stale(start + 27h);
    REQUIRE(found.size() == 1);
    CHECK(found.front().job->name == "a");
    CHECK(found.front().age == 27h);
    CHECK(roster.take_stale(start + 28h).empty());
    CHECK(roster.take_stale(start + 27h + 24h).size() == 1);
}

TEST_CASE("a run that found its backup too old has told so itself") {
    Lines log;
    Roster roster(daily, age_of, log);
    auto watched = job("a");
    watched.max_age = 26h;
    roster.set({watched}, start);
    roster.began(watched, start);
    auto ended = report("a");
    ended.newest = DurableSnapshot{"a-@daily", start.wall - 48h};
    roster.ended(ended, 0, start);
    CHECK(roster.take_stale(start + 1h).empty());
    CHECK(roster.take_stale(start + 24h).size() == 1);
}
