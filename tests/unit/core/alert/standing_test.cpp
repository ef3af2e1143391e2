#include "snapferry/core/alert/standing.h"

#include "catch.h"
#include "contains_text.h"

using namespace snapferry;
using namespace snapferry::alert;
using namespace std::chrono_literals;

namespace {

const WallTime now{std::chrono::hours{24 * 365 * 56}};

std::string time_text(WallTime) {
    return "a time";
}

const JobFacts home = [] {
    JobFacts job{"home", true};
    job.identity = JobIdentity::of("/data/.snapshots", "daily", "pi.lan", 22, "home");
    job.allowed = age_asked_for(50h);
    return job;
}();

JobHistory history(ExitCode outcome, std::chrono::hours age) {
    JobHistory known;
    known.last_run.outcome = outcome;
    known.last_run.error = outcome == ExitCode::done ? "" : "cannot reach pi.lan; is it on?";
    known.newest = DurableSnapshot{"2026-01-01@daily", now - age};
    return known;
}

alert::Standing of(JobFacts job, const std::optional<JobHistory>& known) {
    job.history = known;
    return standing_of(job, now, time_text);
}

alert::Standing of(const std::optional<JobHistory>& known) {
    return of(home, known);
}

}  // namespace

TEST_CASE("a job stands well, fails, is stale, or both; a run that a signal ended says nothing") {
    using Kinds = std::set<Kind>;
    CHECK(of(history(ExitCode::done, 1h)).kinds.empty());
    CHECK(of(history(ExitCode::connection, 1h)).kinds == Kinds{Kind::failure});
    CHECK(of(history(ExitCode::done, 51h)).kinds == Kinds{Kind::stale});
    CHECK(of(history(ExitCode::connection, 51h)).kinds == Kinds{Kind::failure, Kind::stale});
    CHECK(of(history(ExitCode::interrupted, 1h)).kinds.empty());
    CHECK_FALSE(of(history(ExitCode::interrupted, 1h)).is_known);
    CHECK(of(history(ExitCode::interrupted, 51h)).kinds == Kinds{Kind::stale});
    CHECK(of(history(ExitCode::done, -3h)).kinds == Kinds{Kind::stale});  // from the future
    CHECK_FALSE(of(std::nullopt).is_known);
    CHECK(of(std::nullopt).kinds.empty());  // it may have been configured this minute
    auto nothing = history(ExitCode::done, 1h);
    nothing.newest = NothingThere{};
    CHECK(of(nothing).kinds == Kinds{Kind::stale});
    auto unknown_age = home;
    unknown_age.allowed = {};  // what nobody knows to be too old is not told
    CHECK(of(unknown_age, history(ExitCode::done, 51h)).kinds.empty());
    CHECK(of(unknown_age, nothing).kinds == Kinds{Kind::stale});
}

TEST_CASE(
    "a message says in one look which machine, which job, what, why, since when and how old") {
    const auto standing = of(history(ExitCode::connection, 51h));
    const TroubleMemory memory{now - 24h * 3, now, now};
    const auto begun = message_of(standing, Saying::begun, memory, "nas", now, time_text);
    CHECK(begun.event == "failure");
    CHECK(begun.subject ==
          "[snapferry] nas: home: the backup failed: the receiver cannot be reached, or the "
          "connection broke, and the newest backup is 2 d 3 h old");
    for (const auto* const words :
         {"cannot reach pi.lan; is it on?", "2026-01-01@daily, 2 d 3 h old", "pi.lan, tag home",
          "snapferry status", "Too old after:", "once a day"}) {
        CHECK(begun.body.find(words) != std::string::npos);
    }
    const auto still = message_of(standing, Saying::still, memory, "nas", now, time_text);
    CHECK(still.subject.find("still fails") != std::string::npos);
    CHECK(still.body.find("for 3 d") != std::string::npos);
    const auto over =
        message_of(of(history(ExitCode::done, 1h)), Saying::over, memory, "nas", now, time_text);
    CHECK(over.event == "recovered");
    CHECK(over.subject == "[snapferry] nas: home: backed up again");
    CHECK(over.body.find("It lasted:     3 d") != std::string::npos);
}

TEST_CASE("what was never backed up is told as stale too, and an empty directory as a failure") {
    using Kinds = std::set<Kind>;
    auto never = history(ExitCode::connection, 1h);
    never.newest = {};
    CHECK(of(never).kinds == Kinds{Kind::failure, Kind::stale});
    CHECK(of(never).begun.ends_with(", and no backup is known"));
    never.last_run.outcome = ExitCode::interrupted;  // the first one may take several nights
    CHECK(of(never).kinds.empty());
    CHECK_FALSE(of(never).is_known);

    auto empty = history(ExitCode::done, 1h);
    empty.small_full_send = SmallFullSend{"2026-01-01@daily", 1000, std::uint64_t{1} << 40};
    CHECK(of(empty).kinds == Kinds{Kind::failure});
    const auto message =
        message_of(of(empty), Saying::begun, {now, now, now}, "nas", now, time_text);
    CHECK(message.subject == "[snapferry] nas: home: may have sent an empty directory");
    CHECK(message.body.find("was all of it mounted") != std::string::npos);
    empty.last_run.outcome = ExitCode::connection;
    CHECK(of(empty).begun.find("the backup failed") != std::string::npos);
}

TEST_CASE("a job that nothing starts is told a day after it was configured") {
    auto never = home;
    never.configured_since = now - 25h;
    CHECK(of(never, std::nullopt).kinds.empty());
    never.configured_since = now - 26h;
    CHECK(of(never, std::nullopt).kinds == std::set<Kind>{Kind::stale});
    CHECK(of(never, std::nullopt).begun.starts_with("home: has never run"));
    CHECK(of(never, history(ExitCode::done, 1h)).kinds.empty());
    never.under_way = UnderWay{};  // the first one may take days
    CHECK(of(never, std::nullopt).kinds.empty());
    never.under_way.reset();
    never.paused = "since yesterday";
    CHECK(of(never, std::nullopt).kinds.empty());
}

TEST_CASE("names that come from elsewhere stay on their line") {
    auto evil = home;
    evil.job = "home\nBcc: x";
    auto known = history(ExitCode::connection, 1h);
    known.last_run.error = "the other side said\r\n\x1b[2J";
    known.newest = DurableSnapshot{"a\nb@daily", now};
    const auto message =
        message_of(of(evil, known), Saying::begun, {now, now, now}, "na\ns", now, time_text);
    CHECK(message.subject.find('\n') == std::string::npos);
    CHECK(message.body.find("\nBcc") == std::string::npos);
    CHECK(message.body.find('\r') == std::string::npos);
    CHECK(message.body.find('\x1b') == std::string::npos);
}

TEST_CASE("what is critical at a backup disk is one trouble, and what is unknown is not well") {
    const auto well = standing_of(
        std::vector<Finding>{{CheckState::ok, "fine"}, {CheckState::warning, "nearly full"}});
    CHECK(well.kinds.empty());
    CHECK(well.is_known);
    const auto bad = standing_of(std::vector<Finding>{{CheckState::critical, "a device is missing"},
                                                      {CheckState::critical, "no space"},
                                                      {CheckState::ok, "fine"}});
    CHECK(bad.kinds == std::set<Kind>{Kind::health});
    CHECK(bad.begun == "a device is missing (and 1 more)");
    CHECK_FALSE(standing_of(std::vector<Finding>{{CheckState::unknown, "cannot look"}}).is_known);
}

TEST_CASE("the monthly word says all is well only where it is") {
    CHECK(monthly_message({"home: newest backup 3 h old"}, 0, "nas").subject ==
          "[snapferry] nas: all is well");
    CHECK(monthly_message({"a", "b", "c"}, 1, "nas").subject ==
          "[snapferry] nas: 1 of 3 needs somebody");
    CHECK(monthly_message({}, 0, "nas").subject.find("all is well") == std::string::npos);
}

TEST_CASE("what is critical at a backup disk is told thing by thing, and each end by itself") {
    const AboutFinding away{"", {CheckState::critical, "nothing is mounted at /mnt/backups"}};
    const AboutFinding no_backup{"music", {CheckState::critical, "music: there is no backup"}};
    const AboutFinding unread{"", {CheckState::unknown, "a line is not understood"}, true};
    const auto old = [](const char* age) {
        return AboutFinding{
            "home",
            {CheckState::critical, std::string("home: the newest backup arrived ") + age + " ago"}};
    };
    const auto both = standings_of({away, no_backup}, {});
    REQUIRE(both.size() == 2);
    CHECK(both[0].key != both[1].key);
    CHECK(both[0].begun == "nothing is mounted at /mnt/backups");
    // However old it is by now, it is the same trouble.
    CHECK(standings_of({old("26 h")}, {})[0].key == standings_of({old("3 d 4 h")}, {})[0].key);

    const auto was_away = both[0].key;
    const auto was_empty = both[1].key;
    const AboutFinding fine{"", {CheckState::ok, "the backup disk has room"}};
    const auto over = standings_of({fine, unread}, {was_away});  // who may come is another matter
    REQUIRE(over.size() == 1);
    CHECK(over[0].kinds.empty());
    CHECK(over[0].is_known);
    CHECK_THAT(over[0].over, contains_text("nothing is mounted at /mnt/backups"));
    // Nobody can look at a tag of a disk that is away.
    const auto hidden = standings_of({away}, {was_away, was_empty});
    REQUIRE(hidden.size() == 2);
    CHECK_FALSE(hidden[1].is_known);
    const AboutFinding errors{"", {CheckState::critical, "/dev/sdb has counted 3 read errors"}};
    const auto had_errors = standings_of({errors, fine}, {})[0].key;
    CHECK_FALSE(standings_of({away}, {had_errors})[1].is_known);
    CHECK(standings_of({fine}, {had_errors})[0].is_known);
    CHECK_FALSE(
        standings_of({fine, {"music", {CheckState::unknown, "cannot look"}}}, {was_empty})[0]
            .is_known);
    CHECK(
        standings_of({fine, {"music", {CheckState::ok, "music: young"}}}, {was_empty})[0].is_known);
    CHECK(standings_of({fine}, {"health"})[0].kinds.empty());  // as it was called once
}
