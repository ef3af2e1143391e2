#include "snapferry/sys/history.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <thread>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

WallTime at(int seconds) {
    return WallTime(std::chrono::seconds(1'760'000'000 + seconds));
}

JobIdentity identity(const std::string& job, const std::string& host = "pi.lan") {
    return JobIdentity::of("/data", "daily", host, 22, job);
}

RunReport quiet_run(const std::string& job, int second) {
    RunReport run;
    run.run = job + std::to_string(second);
    run.job = job;
    run.identity = identity(job);
    run.started = at(second);
    return run;
}

RunReport good_send(const std::string& job, int second) {
    auto run = quiet_run(job, second);
    run.stream_bytes = 1000;
    run.snapshot = "snapshot " + std::to_string(second);
    run.newest = DurableSnapshot{run.snapshot, at(second - 5)};
    return run;
}

RunReport failed_run(const std::string& job, int second) {
    auto run = quiet_run(job, second);
    run.outcome = ExitCode::connection;
    run.error = "no connection";
    return run;
}

std::vector<std::string> runs_in(const History& history, const std::string& job) {
    std::vector<std::string> found;
    for (const auto& run : history.runs(identity(job), 1000))
        found.push_back(run.run);
    return found;
}

unsigned mode_of(const std::filesystem::path& file) {
    struct stat data {};
    REQUIRE(::stat(file.c_str(), &data) == 0);
    return data.st_mode & 07777;
}

}  // namespace

TEST_CASE("a run comes out of the history as it went in") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    RunReport run;
    run.run = "0a";
    run.job = "ho'me\xff";
    run.identity = JobIdentity::of("/da'ta\xff", "dai'ly", "pi.lan", 2222, "home");
    run.started = at(1) + std::chrono::milliseconds(7);
    run.duration = std::chrono::milliseconds(123456);
    run.outcome = ExitCode::no_space;
    run.error = "full; make room";
    run.snapshot = "2026-11-25-@daily";
    run.parent = "2026-11-24-@daily";
    run.stream_bytes = std::uint64_t{5} << 40;
    run.wire_bytes = 77;
    run.newest = DurableSnapshot{"2026-11-24-@daily", at(-100)};
    run.receiver_free_bytes = 99;
    history.add(run);

    const auto found = history.runs({}, 10);
    REQUIRE(found.size() == 1);
    CHECK(found[0].run == run.run);
    CHECK(found[0].job == run.job);
    CHECK(found[0].identity == run.identity);
    CHECK(found[0].started == run.started);
    CHECK(found[0].duration == run.duration);
    CHECK(found[0].outcome == run.outcome);
    CHECK(found[0].error == run.error);
    CHECK(found[0].snapshot == run.snapshot);
    CHECK(found[0].parent == run.parent);
    CHECK(found[0].stream_bytes == run.stream_bytes);
    CHECK(found[0].wire_bytes == run.wire_bytes);
    CHECK(found[0].newest == run.newest);
    CHECK(found[0].receiver_free_bytes == run.receiver_free_bytes);
}

TEST_CASE("a new history is for its owner alone, in a directory that is too") {
    const TemporaryDirectory directory;
    const auto file = history_file(directory / "state");
    CHECK_FALSE(History::open_existing(file));
    (void)History::open(file);
    CHECK(mode_of(file) == 0600);
    CHECK(mode_of(file.parent_path()) == 0700);
    CHECK(History::open_existing(file)->runs({}, 10).empty());
}

TEST_CASE("runs come newest first, of one job or of all, and no more than asked for") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1));
    history.add(good_send("music", 2));
    history.add(good_send("home", 3));
    CHECK(history.runs({}, 2).front().run == "home3");
    CHECK(history.runs({}, 2).size() == 2);
    CHECK(runs_in(history, "home") == std::vector<std::string>{"home3", "home1"});
    CHECK(runs_in(history, "nobody").empty());
}

TEST_CASE("the newest of each job tells of the last run, success, send, failure and backup") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    auto first = good_send("home", 1);
    first.kept = {{"b", "a"}};
    first.receiver_free_bytes = 12;
    history.add(first);
    history.add(quiet_run("home", 2));
    history.add(failed_run("home", 3));
    history.add(failed_run("music", 4));

    const auto jobs = history.newest_of_each_job();
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].last_run.run == "home3");
    CHECK(jobs[0].last_success->run == "home2");
    CHECK(jobs[0].last_send->run == "home1");
    CHECK(jobs[0].last_failure->run == "home3");
    CHECK(jobs[0].newest == NewestBackup(DurableSnapshot{"snapshot 1", at(-4)}));
    CHECK(jobs[0].kept == first.kept);
    CHECK(jobs[0].receiver_free_bytes == 12);
    CHECK(jobs[1].last_run.job == "music");
    CHECK_FALSE(jobs[1].last_success);
    CHECK_FALSE(jobs[1].newest.is_known());
    CHECK_FALSE(jobs[1].kept);
}

TEST_CASE("a run that failed after its snapshot was durable tells of the newest backup") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1));
    auto run = good_send("home", 2);
    run.outcome = ExitCode::connection;
    history.add(run);
    CHECK(history.newest_of_each_job()[0].newest.snapshot()->name == "snapshot 2");
    CHECK(history.newest_of_each_job()[0].last_success->run == "home1");
}

TEST_CASE("what the last run says of the newest backup counts, whatever others have said of it") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1));
    auto again = quiet_run("home", 500);
    again.newest = DurableSnapshot{"snapshot 1", at(400)};  // a name that is used again, say
    history.add(again);
    CHECK(history.newest_of_each_job()[0].newest == again.newest);
}

TEST_CASE("a receiver that has nothing is not one that could not be asked") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    auto run = good_send("home", 1);
    run.kept = {{"snapshot 1"}};
    history.add(run);
    history.add(failed_run("home", 2));
    CHECK(history.newest_of_each_job()[0].newest.snapshot() != nullptr);
    auto empty = failed_run("home", 3);
    empty.newest = NothingThere{};
    empty.kept.emplace();
    history.add(empty);
    history.add(failed_run("home", 4));
    const auto job = history.newest_of_each_job()[0];
    CHECK(job.newest == NewestBackup(NothingThere{}));
    REQUIRE(job.kept);
    CHECK(job.kept->empty());
}

TEST_CASE("two jobs of one name have two histories") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1));
    auto other = good_send("home", 2);
    other.identity = identity("home", "pi2.lan");
    history.add(other);
    const auto jobs = history.newest_of_each_job();
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].newest.snapshot()->name == "snapshot 1");
    CHECK(jobs[1].newest.snapshot()->name == "snapshot 2");
    CHECK(history.runs(other.identity, 10).size() == 1);
}

TEST_CASE("a job that is called otherwise keeps its history") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1));
    auto later = quiet_run("home", 2);
    later.job = "documents";
    history.add(later);
    const auto jobs = history.newest_of_each_job();
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0].last_run.job == "documents");
    CHECK(jobs[0].newest.snapshot()->name == "snapshot 1");
    CHECK(history.runs(identity("home"), 10).size() == 2);
}

TEST_CASE("the last list of what is kept replaces the one before, and none replaces nothing") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    auto run = good_send("home", 1);
    run.kept = {{"c", "b", "a"}};
    history.add(run);
    run.kept = {{"d", "c"}};
    history.add(run);
    history.add(failed_run("home", 2));
    CHECK(history.newest_of_each_job()[0].kept == std::vector<std::string>{"d", "c"});
}

TEST_CASE("beyond the limit, what had nothing to send goes first, then the oldest") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    constexpr std::size_t most = 4;
    history.add(good_send("home", 1), most);
    history.add(quiet_run("home", 2), most);
    history.add(failed_run("home", 3), most);
    history.add(quiet_run("home", 4), most);
    history.add(good_send("home", 5), most);
    CHECK(runs_in(history, "home") == std::vector<std::string>{"home5", "home4", "home3", "home1"});
    history.add(good_send("home", 6), most);
    CHECK(runs_in(history, "home") == std::vector<std::string>{"home6", "home5", "home3", "home1"});
    history.add(good_send("home", 7), most);
    CHECK(runs_in(history, "home") == std::vector<std::string>{"home7", "home6", "home5", "home3"});
}

TEST_CASE("a flood of failures takes away neither the newest success nor the newest backup") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    history.add(good_send("home", 1), 10);
    history.add(quiet_run("home", 2), 10);
    history.add(good_send("music", 3), 10);
    for (int second = 4; second < 100; ++second)
        history.add(failed_run("home", second), 10);
    CHECK(history.runs(identity("home"), 1000).size() == 10);
    const auto jobs = history.newest_of_each_job();
    CHECK(jobs[0].last_success->run == "home2");
    CHECK(jobs[0].last_send->run == "home1");
    CHECK(jobs[0].newest.snapshot()->name == "snapshot 1");
    CHECK(jobs[0].last_run.run == "home99");
    CHECK(runs_in(history, "music").size() == 1);
}

TEST_CASE("an empty file becomes a history") {
    const TemporaryDirectory directory;
    auto history = History::open(directory.file("history.db", ""));
    history.add(quiet_run("home", 1));
    CHECK(history.runs({}, 10).size() == 1);
}

TEST_CASE("a history of this form is left as it is") {
    const TemporaryDirectory directory;
    const auto file = directory / "history.db";
    History::open(file).add(good_send("home", 1));
    const auto before = testing::content_of(file);
    CHECK(History::open(file).newest_of_each_job().size() == 1);
    CHECK(testing::content_of(file) == before);
}

namespace {

/// As the first version made it, and filled it.
void make_first_form(const std::filesystem::path& file) {
    SQLite::Database database(file.native(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(R"(
        CREATE TABLE run (
            id INTEGER PRIMARY KEY, run TEXT NOT NULL, job TEXT NOT NULL, receiver TEXT NOT NULL,
            dest_tag TEXT NOT NULL, started INTEGER NOT NULL, duration INTEGER NOT NULL,
            outcome INTEGER NOT NULL, error TEXT NOT NULL, snapshot TEXT NOT NULL,
            parent TEXT NOT NULL, stream_bytes INTEGER NOT NULL, wire_bytes INTEGER NOT NULL,
            newest TEXT NOT NULL, newest_taken INTEGER, receiver_free_bytes INTEGER);
        CREATE INDEX run_of_job ON run (job, id);
        CREATE TABLE kept (
            job TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (job, position)) WITHOUT ROWID;
        INSERT INTO run VALUES
            (1, 'a', 'home', 'Pi.lan', 'home', 1000, 1, 0, '', 's1', '', 9, 9, 's1', 500, 77),
            (2, 'b', 'home', 'pi2.lan', 'home', 2000, 1, 0, '', 's2', '', 9, 9, 's2', NULL, 88),
            (3, 'c', 'old name', 'Pi.lan', 'home', 3000, 1, 10, 'off', '', '', 0, 0, '', NULL, NULL);
        INSERT INTO kept VALUES ('home', 0, 's2'), ('home', 1, 's1');
        PRAGMA user_version = 1;)");
}

}  // namespace

TEST_CASE("a history of the first form is taken over, two receivers apart") {
    const TemporaryDirectory directory;
    const auto file = directory / "history.db";
    make_first_form(file);
    auto history = History::open(file);
    auto jobs = history.newest_of_each_job();
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].last_run.job == "home");
    CHECK(jobs[0].last_run.identity == JobIdentity{"", "", "pi2.lan", 0, "home"});
    CHECK(jobs[0].newest ==
          NewestBackup(DurableSnapshot{"s2", WallTime{} + std::chrono::seconds(2)}));
    CHECK(jobs[0].kept == std::vector<std::string>{"s2", "s1"});
    CHECK(jobs[1].last_run.run == "c");
    CHECK(jobs[1].newest ==
          NewestBackup(DurableSnapshot{"s1", WallTime{} + std::chrono::milliseconds(500)}));
    CHECK_FALSE(jobs[1].kept);
    CHECK(jobs[1].receiver_free_bytes == 77);

    SECTION("the next run of such a job makes it its own, and no other") {
        auto run = failed_run("home", 1);
        run.identity = identity("home", "pi.lan");
        history.add(run);
        auto other = failed_run("home", 2);
        other.identity = identity("home", "pi.lan");
        other.identity.port = 2222;  // behind the same address: a third job
        history.add(other);
        jobs = history.newest_of_each_job();
        REQUIRE(jobs.size() == 3);
        CHECK(history.runs(run.identity, 10).size() == 3);
        CHECK(history.runs(other.identity, 10).size() == 1);
    }
}

TEST_CASE("a history of a newer form is refused, and left alone") {
    const TemporaryDirectory directory;
    const auto file = directory / "history.db";
    History::open(file).add(good_send("home", 1));
    SQLite::Database(file.native(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    const auto before = testing::content_of(file);
    const auto failure = failure_of([&] { History::open(file); });
    CHECK(failure.code() == ExitCode::configuration);
    CHECK(std::string(failure.what()).find("99") != std::string::npos);
    CHECK(std::string(failure.what()).find(file.native()) != std::string::npos);
    CHECK(failure.hint().find("newer") != std::string::npos);
    CHECK(testing::content_of(file) == before);
}

TEST_CASE("a file that is no database is refused by its name, and left alone") {
    const TemporaryDirectory directory;
    const auto file = directory.file("history.db", std::string(5000, 'x'));
    const auto failure = failure_of([&] { History::open(file); });
    CHECK(failure.code() == ExitCode::configuration);
    CHECK(std::string(failure.what()).find(file.native()) != std::string::npos);
    CHECK(failure.hint().find("move it away") != std::string::npos);
    CHECK(testing::content_of(file) == std::string(5000, 'x'));
}

TEST_CASE("a damaged database is a failure and not a wrong answer") {
    const TemporaryDirectory directory;
    const auto file = directory / "history.db";
    {
        auto history = History::open(file);
        for (int second = 0; second < 200; ++second)
            history.add(good_send("home", second));
    }
    auto content = testing::content_of(file);
    content.replace(4096, content.size() - 4096, content.size() - 4096, '\x55');
    (void)directory.file("history.db", content);
    const auto failure = failure_of([&] { History::open(file).add(good_send("home", 1000)); });
    CHECK(failure.hint().find("move it away") != std::string::npos);
}

TEST_CASE("two writers at once lose nothing") {
    const TemporaryDirectory directory;
    const auto file = directory / "history.db";
    constexpr int runs = 40;
    const auto write = [&](const std::string& job) {
        for (int second = 0; second < runs; ++second)
            History::open(file).add(good_send(job, second));
    };
    {
        const std::jthread one(write, "one");
        const std::jthread other(write, "other");
    }
    const auto history = History::open(file);
    CHECK(history.runs(identity("one"), 1000).size() == runs);
    CHECK(history.runs(identity("other"), 1000).size() == runs);
}

TEST_CASE("a job that is forgotten is gone, and no other") {
    const TemporaryDirectory directory;
    auto history = History::open(directory / "history.db");
    auto run = good_send("home", 1);
    run.kept = {{"a"}};
    history.add(run);
    history.add(good_send("music", 2));
    CHECK(history.forget(identity("home")) == 1);
    CHECK(history.forget(identity("home")) == 0);
    const auto jobs = history.newest_of_each_job();
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0].last_run.job == "music");
    history.add(quiet_run("home", 3));
    CHECK_FALSE(history.newest_of_each_job()[0].kept);
}
