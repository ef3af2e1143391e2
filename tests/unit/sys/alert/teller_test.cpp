#include "snapferry/sys/alert/teller.h"

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using alert::Kind;
using alert::Saying;
using snapferry::testing::TemporaryDirectory;

namespace {

const WallTime now{std::chrono::hours{24 * 365 * 56}};

class NoLog final : public Log {
  public:
    void write(Severity, std::string_view) override {}
};

alert::Standing rotation(bool fails) {
    alert::Standing standing{"snapshots home"};
    if (fails) {
        standing.kinds = {Kind::failure};
    }
    return standing;
}

/// What it says by a hook that works.
Saying says(sys::Teller& teller, bool fails, WallTime at) {
    const auto due = teller.due("hook", rotation(fails), {Kind::failure}, at);
    if (due) {
        teller.told(*due);
    }
    return due ? due->say : Saying::nothing;
}

}  // namespace

TEST_CASE("what came back is owed its end until that was told") {
    const TemporaryDirectory directory;
    NoLog log;
    const auto alerts = directory / "alerts" / "send";
    sys::Teller teller(alerts, *sys::take_turn(alerts, false), "nas", log);
    CHECK_FALSE(teller.owes_end_of(rotation(true)));
    CHECK(says(teller, true, now) == Saying::begun);
    CHECK(teller.owes_end_of(rotation(true)));
    CHECK(says(teller, false, now + 1h) == Saying::over);
    CHECK_FALSE(teller.owes_end_of(rotation(false)));
    CHECK(says(teller, true, now + 2h) == Saying::begun);
    CHECK(says(teller, false, now + 3h) == Saying::nothing);
    CHECK(teller.owes_end_of(rotation(false)));
    CHECK(says(teller, false, now + 28h) == Saying::over);
    CHECK_FALSE(teller.owes_end_of(rotation(false)));
}

TEST_CASE("one teller may wait for its turn, and whoever comes then is done for by that one") {
    const TemporaryDirectory directory;
    const auto alerts = directory / "alerts" / "send";
    const auto at_work = sys::take_turn(alerts, true);
    REQUIRE(at_work);
    const auto waits = sys::FileLock::acquire(alerts / "next", 0ms);
    REQUIRE(waits);
    CHECK_FALSE(sys::take_turn(alerts, true));
}

TEST_CASE("what lasts is told in one mail a day, however far apart it began") {
    const TemporaryDirectory directory;
    NoLog log;
    const auto alerts = directory / "alerts" / "send";
    sys::Teller teller(alerts, *sys::take_turn(alerts, false), "nas", log);
    const sys::Outbox outbox(alerts / "outbox");
    int mails = 0;
    std::size_t together = 0;
    for (auto since = 0min; since < 7 * 24h; since += 10min) {
        std::vector<alert::Standing> jobs;
        for (int job = 0; job < 5; ++job) {
            const bool fails = since >= job * 3h;
            jobs.push_back({"job " + std::to_string(job), {}});
            jobs.back().kinds = fails ? std::set{Kind::failure} : std::set<Kind>{};
        }
        teller.tell_by_mail(jobs, {Kind::failure}, now + since);
        const auto waiting = outbox.waiting();
        mails += waiting.empty() ? 0 : 1;
        together = waiting.empty() ? together : waiting.size();
        for (const auto& one : waiting) {
            outbox.remove(one);
        }
    }
    CHECK(mails == 5 + 6);
    CHECK(together == 5);
}
