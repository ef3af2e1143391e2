#include "snapferry/send/daemon/roster.h"

#include <algorithm>

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using send::Job;
using send::Roster;

namespace {

constexpr Roster::Time start{std::chrono::sys_days{std::chrono::days{20'000}}};

class NoLog final : public Log {
  public:
    void write(Severity /*severity*/, std::string_view /*line*/) override {}
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

std::vector<std::string> due(const Roster& roster, Roster::Time now) {
    std::vector<std::string> names;
    for (const auto& each : roster.due(now))
        names.push_back(each->name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("all jobs are due at the start, and then when their time has come") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a"), job("b")}, start);
    CHECK(due(roster, start) == Names{"a", "b"});
    roster.began(job("a"));
    CHECK(due(roster, start) == Names{"b"});
    roster.ended(report("a"), start + 10s);
    roster.began(job("b"));
    roster.ended(report("b"), start + 5s);
    CHECK(due(roster, start + 1min).empty());
    CHECK(due(roster, start + 2h) == Names{"b", "a"});  // the longest due first
}

TEST_CASE("one that found another run at work comes back in a minute, as no failure") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a")}, start);
    roster.began(job("a"));
    roster.ended(report("a", ExitCode::busy), start);
    CHECK(due(roster, start + 59s).empty());
    CHECK(due(roster, start + 1min) == Names{"a"});
}

TEST_CASE("a new configuration leaves what has not changed where it is") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a"), job("b")}, start);
    for (const auto* name : {"a", "b"}) {
        roster.began(job(name));
        roster.ended(report(name), start);
    }
    auto changed = job("b");
    changed.retries = 7;
    roster.set({job("a"), changed, job("c")}, start + 1min);
    CHECK(due(roster, start + 1min) == Names{"b", "c"});
}

TEST_CASE("a job that runs while it is configured anew is not run twice at once") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a")}, start);
    roster.began(job("a"));
    auto changed = job("a");
    changed.pin = false;
    roster.set({changed}, start + 1s);
    CHECK(due(roster, start + 1s).empty());
    roster.ended(report("a", ExitCode::connection), start + 2s);
    CHECK(due(roster, start + 2min) == Names{"a"});
}

TEST_CASE("what ends after its job was removed is nobody's") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a")}, start);
    roster.began(job("a"));
    roster.set({}, start);
    roster.ended(report("a"), start + 1s);
    CHECK(due(roster, start + 24h).empty());
    CHECK_FALSE(roster.next_time());
}

TEST_CASE("it wants to be asked again when the first job is due") {
    NoLog log;
    Roster roster(log);
    roster.set({job("a")}, start);
    roster.look_around(start);
    roster.began(job("a"));
    roster.ended(report("a"), start);
    CHECK(roster.next_time().value() <= start + 1h);
    CHECK(roster.next_text(start + 30min) == "next: a in 30 min (its time has come)");
}

TEST_CASE("a backup that grows too old between runs is told of, and then once a day") {
    NoLog log;
    Roster roster(log);
    auto watched = job("a");
    watched.schedule.every.reset();
    watched.alerts.hooks.stale_after = 26h;
    roster.set({watched}, start);
    roster.began(watched);
    auto ended = report("a");
    ended.newest = DurableSnapshot{"a-@daily", start};
    roster.ended(ended, start + 1min);
    CHECK(roster.take_stale(start + 25h).empty());
    CHECK(roster.next_time().value() <= start + 27h);
    const auto found = roster.take_stale(start + 27h);
    REQUIRE(found.size() == 1);
    CHECK(found.front().job->name == "a");
    CHECK(found.front().age == 27h);
    CHECK(roster.take_stale(start + 28h).empty());
    CHECK(roster.take_stale(start + 27h + 24h).size() == 1);
}

TEST_CASE("a run that found its backup too old has told so itself") {
    NoLog log;
    Roster roster(log);
    auto watched = job("a");
    watched.alerts.hooks.stale_after = 26h;
    roster.set({watched}, start);
    roster.began(watched);
    auto ended = report("a");
    ended.newest = DurableSnapshot{"a-@daily", start - 48h};
    roster.ended(ended, start);
    CHECK(roster.take_stale(start + 1h).empty());
    CHECK(roster.take_stale(start + 24h).size() == 1);
}
