#include "admin/job_sample.h"
#include "catch.h"
#include "snapferry/core/status/job_judgement.h"

using namespace snapferry;
using namespace snapferry::admin;
using namespace snapferry::testing;
using namespace std::chrono_literals;

namespace {

JobState aged(std::chrono::seconds age, bool failed = false) {
    auto state = state_of(failed ? failed_run() : good_run());
    state.history->newest = DurableSnapshot{"new-@daily", noon - age};
    return state;
}

std::vector<Finding> check_ages(std::vector<JobFacts> states) {
    for (auto& state : states)
        state.allowed = age_asked_for(26h);
    return job_findings(states, noon);
}

Finding finding_of(const JobState& state) {
    const auto findings = check_ages({state});
    REQUIRE(findings.size() == 1);
    return findings[0];
}

}  // namespace

TEST_CASE("a backup is judged by its age and by the last run") {
    struct Row {
        JobState state;
        CheckState wanted;
        std::string text;
    };
    JobState failing = state_of(failed_run());
    failing.history->newest = NotAsked{};
    JobState without_news = state_of(good_run());
    without_news.history->newest = NotAsked{};
    for (const auto& row :
         {Row{aged(0s), CheckState::ok, "home: the newest backup is 0 s old"},
          Row{aged(26h), CheckState::ok, "home: the newest backup is 1 d 2 h old"},
          Row{aged(26h + 1s), CheckState::critical,
              "home: the newest backup is 1 d 2 h old, more than 1 d 2 h"},
          Row{aged(3h, true), CheckState::warning,
              "home: the newest backup is 3 h old, but the last run failed: cannot reach pi.lan; "
              "is it on?"},
          Row{aged(72h, true), CheckState::critical,
              "home: the newest backup is 3 d old, more than 1 d 2 h; the last run failed: cannot "
              "reach pi.lan; is it on?"},
          Row{aged(-10min), CheckState::ok, "home: the newest backup is 0 s old"},
          Row{aged(-48h), CheckState::warning,
              "home: the newest backup was taken 2 d from now: is the clock right?"},
          Row{{"home", true, {}}, CheckState::critical, "home: has never run"},
          Row{failing, CheckState::critical,
              "home: no backup yet, and the last run failed: cannot reach pi.lan; is it on?"},
          Row{without_news, CheckState::critical, "home: no backup is known"}}) {
        const auto found = finding_of(row.state);
        CHECK(found.state == row.wanted);
        CHECK(found.text == row.text);
    }
}

TEST_CASE("the age is a value with the limit, where there is one") {
    const auto values = finding_of(aged(3h)).values;
    REQUIRE(values.size() == 1);
    CHECK(values[0].label == "home age");
    CHECK(values[0].value == 10800);
    CHECK(values[0].unit == "s");
    CHECK(values[0].critical == 93600);
    CHECK(finding_of({"home", true, {}}).values.empty());
}

TEST_CASE("what is too old and not in the configuration is told how to be forgotten") {
    auto former = aged(72h);
    former.job = "home (pi)";
    former.configured = false;
    const auto alone = check_ages({former});
    CHECK(alone[0].text.find("forget") ==
          std::string::npos);  // nothing is configured: a classic line
    const auto beside = check_ages({aged(1h), former});
    CHECK(beside[0].text.find("forget") == std::string::npos);
    CHECK(beside[1].text.ends_with("if it is no more, snapferry forget 'home (pi)'"));
}

TEST_CASE("no job is no finding, and a name cannot forge a line") {
    CHECK(check_ages({}).empty());
    CHECK(finding_of({"a\nOK", true, {}}).text == "a\\x0aOK: has never run");
}
