#include "snapferry/core/status/verdict.h"

#include "admin/job_sample.h"
#include "catch.h"

using namespace snapferry;
using namespace snapferry::testing;
using namespace std::chrono_literals;

namespace {

JobFacts job(const std::string& name, std::chrono::seconds age) {
    auto facts = state_of(good_run(name));
    facts.history->newest = DurableSnapshot{"new-@daily", noon - age};
    facts.allowed = age_asked_for(26h);
    return facts;
}

JobFacts failing(const std::string& name) {
    auto facts = job(name, 3h);
    facts.history->last_run = failed_run(name);
    return facts;
}

std::string verdict(const Standing& standing) {
    return verdict_of(standing, noon).text;
}

TagStatus tag(const std::string& name, std::chrono::hours age) {
    TagStatus status;
    status.tag = name;
    status.newest = std::chrono::floor<std::chrono::seconds>(noon) - age;
    status.kept = 3;
    return status;
}

}  // namespace

TEST_CASE("each condition of a job is told from the others, the worst first") {
    struct Row {
        JobFacts job;
        Condition wanted;
        CheckState state;
    };
    auto never = JobFacts{"home", true};
    auto nothing = job("home", 3h);
    nothing.history->newest = NothingThere{};
    auto not_asked = job("home", 3h);
    not_asked.history->newest = NotAsked{};
    auto doubtful = job("home", 48h);
    doubtful.allowed = {};
    auto paused = job("home", 3h);
    paused.paused = "paused";
    auto small = job("home", 3h);
    small.history->small_full_send = SmallFullSend{"new-@daily", 1, 1 << 30};
    auto incomplete = job("home", 3h);
    incomplete.history->last_run.nested = {"srv"};
    auto stale_and_failing = failing("home");
    stale_and_failing.history->newest = DurableSnapshot{"new-@daily", noon - 48h};
    for (const auto& row : {Row{never, Condition::never_run, CheckState::critical},
                            Row{nothing, Condition::no_backup, CheckState::critical},
                            Row{not_asked, Condition::no_backup, CheckState::critical},
                            Row{job("home", 48h), Condition::stale, CheckState::critical},
                            Row{stale_and_failing, Condition::stale, CheckState::critical},
                            Row{small, Condition::suspicious, CheckState::critical},
                            Row{job("home", -48h), Condition::from_the_future, CheckState::warning},
                            Row{failing("home"), Condition::failing, CheckState::warning},
                            Row{doubtful, Condition::doubtful, CheckState::warning},
                            Row{paused, Condition::paused, CheckState::warning},
                            Row{incomplete, Condition::incomplete, CheckState::warning},
                            Row{job("home", 3h), Condition::ok, CheckState::ok}}) {
        const auto judgement = judge(row.job, noon);
        CHECK(judgement.condition == row.wanted);
        CHECK(judgement.state == row.state);
        CHECK(need_of(row.job, noon).empty() == (row.wanted == Condition::ok));
        CHECK(verdict_of({{row.job}}, noon).is_well == (row.wanted == Condition::ok));
        // What status says and what check says never differ in whether all is well.
        CHECK((worst_of(job_findings({row.job}, noon)) == CheckState::ok) ==
              (row.wanted == Condition::ok || row.wanted == Condition::paused));
    }
}

TEST_CASE("the verdict is one line that says who needs a person, and for what") {
    CHECK(verdict({{job("a", 3h), job("b", 1h), job("c", 20min)}}) ==
          "All is well: 3 jobs, the oldest backup is 3 h old");
    CHECK(verdict({{job("a", 20min)}}) == "All is well: 1 job, the oldest backup is 20 min old");
    CHECK(verdict({{job("a", 3h), job("laptop", 5 * 24h), job("c", 3h)}}) ==
          "1 of 3 needs you: laptop has had no backup for 5 days");
    CHECK(verdict({{failing("a"), job("laptop", 5 * 24h)}}) ==
          "2 of 2 need you: laptop has had no backup for 5 days; and 1 more");
}

TEST_CASE("where nothing is backed up, that is not well") {
    CHECK_FALSE(verdict_of({}, noon).is_well);
    Standing receiver;
    receiver.receiving = ReceivingStatus{};
    CHECK_FALSE(verdict_of(receiver, noon).is_well);
    CHECK(verdict(receiver) == "Nothing is backed up: no backup has arrived here yet");
    Standing unreadable;
    unreadable.others = {{CheckState::unknown, "send.toml cannot be read"}};
    CHECK(verdict(unreadable) == "This needs you: send.toml cannot be read");
}

TEST_CASE(
    "a tag whose first backup is on its way is not well, and of a disk that is away no time is "
    "told") {
    Standing standing;
    standing.receiving = ReceivingStatus{};
    auto first = tag("home", 0h);
    first.newest.reset();
    first.age.reset();
    standing.receiving->tags = {first};
    CHECK(verdict(standing) == "All is well: 1 tag received");
    standing.receiving->disk = DiskStatus{};
    CHECK_FALSE(verdict_of(standing, noon).is_well);
    CHECK(verdict(standing) == "1 of 1 needs you: home has no backup yet");
}

TEST_CASE("what the receiver last said of its disk is told with how long ago, each disk once") {
    auto one = job("a", 3h);
    one.history->receiver_word =
        ReceiverWord{{{CheckState::critical, "sda is missing"}}, {{CheckState::ok, "well"}}};
    one.history->word_said = noon - 5h;
    auto other = job("b", 3h);
    other.history->receiver_word =
        ReceiverWord{{{CheckState::warning, "nearly full"}}, {{CheckState::critical, "ALARM"}}};
    other.history->word_said = noon - 2h;
    const auto found = receiver_findings({one, other}, noon);
    REQUIRE(found.size() == 2);
    CHECK(found[0].text == "b: pi.lan said 2 h ago: ALARM");
    CHECK(found[1].text == "pi.lan said 2 h ago: nearly full");
    CHECK(verdict({{one}}) == "This needs you: pi.lan said 5 h ago: sda is missing");
}

TEST_CASE("a machine that receives says so of its tags, its disk and itself") {
    Standing standing;
    standing.receiving = ReceivingStatus{};
    standing.receiving->tags = {tag("home", 3h), tag("music", 5h)};
    CHECK(verdict(standing) ==
          "All is well: 2 tags received, the last arrival of each is at most 5 h ago");
    standing.receiving->tags[1].findings = {
        {CheckState::critical, "music: a b is not what was sent"}};
    CHECK(verdict(standing) == "1 of 2 needs you: music: a b is not what was sent");
    standing.receiving->tags[1].age = 9 * 24h;
    CHECK(verdict(standing) == "1 of 2 needs you: music has had no backup for 9 days");
    standing.receiving->tags[1].has_alarm = true;
    CHECK(verdict(standing) == "1 of 2 needs you: music has an ALARM: nothing of it is pruned");
    standing.receiving->tags[1].has_alarm = false;
    standing.receiving->tags[1].findings.clear();
    standing.receiving->findings = {{CheckState::warning, "it was never scrubbed"}};
    CHECK(verdict(standing) == "This needs you: here: it was never scrubbed");
    standing.jobs = {job("a", 3h)};
    standing.receiving->findings.clear();
    CHECK(verdict(standing) ==
          "All is well: 1 job, the oldest backup is 3 h old; 2 tags received, "
          "the last arrival of each is at most 5 h ago");
}

TEST_CASE("how fast a disk fills is told by what arrived lately, and not by first full sends") {
    const auto now = std::chrono::floor<std::chrono::seconds>(noon);
    std::vector<Arrival> arrivals;
    for (int day = 0; day < 40; ++day) {
        Arrival arrival;
        arrival.when.at = now - day * 24h;
        arrival.bytes = 1000;
        arrivals.push_back(arrival);
    }
    CHECK(bytes_a_day(arrivals, now) == 1033);  // 31 in thirty days
    arrivals[0].full = true;
    CHECK(bytes_a_day(arrivals, now) == 1000);
    CHECK(bytes_a_day(std::span(arrivals).first(2), now) == 0);
    CHECK(bytes_a_day({}, now) == 0);
    CHECK(full_in({5000, 9000, 1000, 1000}) == 4 * 24h);
    CHECK_FALSE(full_in({5000, 9000, 1000, 0}));
    CHECK(full_in({500, 9000, 1000, 1000}) == 0s);
}
