#include "snapferry/send/telling/how_jobs_stand.h"

#include <algorithm>

#include "catch.h"
#include "snapferry/sys/history.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using snapferry::testing::TemporaryDirectory;

namespace {

const WallTime now{std::chrono::hours{24 * 365 * 56}};

send::SendConfig config() {
    send::Job job{"home", "/data/.snapshots", "daily", Tag::parse("home"), {}};
    job.receiver.destination.host = "pi.lan";
    send::SendConfig config;
    config.jobs.push_back(std::move(job));
    return config;
}

RunReport run_of(const send::Job& job) {
    RunReport report;
    report.run = "a run";
    report.job = job.name;
    report.identity = identity_of(job);
    report.started = now - 2h;
    report.newest = DurableSnapshot{"2026-01-01@daily", now - 2h};
    return report;
}

/// What there is to tell once `report` is in the history.
std::vector<send::ToTell> told_after(const RunReport& report) {
    const TemporaryDirectory directory;
    sys::History::open(sys::history_file(directory.path())).add(report);
    return send::how_jobs_stand(config(), directory.path(), now);
}

bool all_are_well(const std::vector<send::ToTell>& all) {
    return std::all_of(all.begin(), all.end(), [](const send::ToTell& one) {
        return one.line.empty() ||
               (one.is_well && one.standing.is_known && one.standing.kinds.empty());
    });
}

}  // namespace

TEST_CASE("the monthly word is well where the jobs are") {
    const auto all = told_after(run_of(config().jobs.front()));
    CHECK(all_are_well(all));
    CHECK(all.front().line == "home: newest backup 2026-01-01@daily, 2 h old");
}

TEST_CASE("a history that cannot be read has a line in the monthly word, and is not well") {
    const TemporaryDirectory directory;
    (void)directory.file("history.db", "this is no database, and has more than enough bytes");
    const auto all = send::how_jobs_stand(config(), directory.path(), now);
    CHECK_FALSE(all_are_well(all));
}

TEST_CASE("what status warns of is not well in the monthly word") {
    auto report = run_of(config().jobs.front());
    report.newest = DurableSnapshot{"2026-01-01@daily", now - 50h};  // doubtful
    const auto doubtful = told_after(report);
    CHECK_FALSE(all_are_well(doubtful));
    CHECK(doubtful.front().standing.kinds.empty());
    CHECK(doubtful.front().line.find("not known yet how often") != std::string::npos);

    report = run_of(config().jobs.front());
    report.receiver_word = ReceiverWord{{{CheckState::critical, "a device is missing"}}, {}};
    const auto said = told_after(report);
    CHECK_FALSE(all_are_well(said));
    CHECK(std::any_of(said.begin(), said.end(), [](const send::ToTell& one) {
        return one.line.find("a device is missing") != std::string::npos;
    }));
}
