#include "snapferry/core/disk/health.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using enum snapferry::CheckState;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr sys_seconds now{seconds(1764000000)};
constexpr auto day = 24h;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;

const Tag home = Tag::parse("home");
const HealthLimits limits{26h, 35 * day, {}};

ScrubRecord scrub(seconds age, bool finished, bool canceled = false) {
    return {1, now - age, finished, canceled, {}};
}

Finding newest(std::optional<sys_seconds> arrived) {
    const auto findings = judge_tag(home, {arrived, {}}, limits, now);
    REQUIRE(findings.size() == 1);
    return findings.front();
}

std::vector<CheckState> states_of(const TagTimes& times) {
    std::vector<CheckState> states;
    for (const auto& finding : judge_tag(home, times, limits, now))
        states.push_back(finding.state);
    return states;
}

Finding judged(const ScrubRecord& record) {
    const auto findings = judge_scrubs(std::vector{record}, std::nullopt, limits, now);
    REQUIRE(findings.size() == 1);
    return findings.front();
}

}  // namespace

TEST_CASE("a tag whose newest backup is too old, or that has none, is critical") {
    const auto [age, state] = GENERATE(table<seconds, CheckState>({
        {0s, ok},
        {3h, ok},
        {26h, ok},
        {26h + 1s, critical},
        {400 * day, critical},
        {-10min, ok},
        {-11min, warning},
    }));
    CAPTURE(age.count());
    CHECK(newest(now - age).state == state);
    CHECK(newest({}).state == critical);
}

TEST_CASE("a check says of which tag, how old and, where that is too much, what to look at") {
    CHECK(newest(now - 3h).text == "home: the newest backup arrived 3 h ago");
    CHECK(newest(now - 4 * day).text ==
          "home: the newest backup arrived 4 d ago; does its sender run?");
    CHECK(newest({}).text == "home: there is no backup; does its sender run?");
    CHECK(newest(now + 2h).text ==
          "home: the newest backup arrived 2 h from now; is this machine's clock right?");
    const auto values = newest(now - 3h).values;
    REQUIRE(values.size() == 1);
    CHECK(values[0].label == "home_age");
    CHECK(values[0].value == 10800);
    CHECK(values[0].critical == 93600.0);
}

TEST_CASE("a receive that came no further for too long is a warning") {
    CHECK(states_of({now, now - 1h}) == std::vector{ok, ok});
    CHECK(states_of({now, now - 27h}) == std::vector{warning, ok});
    CHECK(states_of({now, now + 1h}) == std::vector{ok, ok});
    CHECK(states_of({now - 27h, now - 27h}) == std::vector{warning, critical});
}

TEST_CASE("a first backup that is on its way is no reason for alarm, until it comes no further") {
    CHECK(states_of({{}, now - 1h}) == std::vector{ok});
    CHECK(states_of({{}, now - 27h}) == std::vector{warning, critical});
    CHECK(states_of({{}, {}}) == std::vector{critical});
}

TEST_CASE("space is critical below the reserve, and a warning below twice of it") {
    const auto state = [](std::uint64_t free) {
        return judge_space(free, 1000 * gib, Reserve::percent(2)).state;
    };
    CHECK(state(1000 * gib) == ok);
    CHECK(state(40 * gib) == ok);
    CHECK(state(40 * gib - 1) == warning);
    CHECK(state(20 * gib) == warning);
    CHECK(state(20 * gib - 1) == critical);
    CHECK(state(0) == critical);
    CHECK(judge_space(0, gib, Reserve::of_bytes(0)).state == ok);
    CHECK(judge_space(gib, gib, Reserve::of_bytes(~std::uint64_t{0})).state == critical);
    CHECK(judge_space(10 * gib, 1000 * gib, Reserve::of_bytes(20 * gib)).text ==
          "the backup disk has 10.0 GiB of 1000.0 GiB free, and 20.0 GiB are kept in reserve: "
          "nothing is received; make room, or keep fewer snapshots");
}

TEST_CASE("a scrub that is long ago, broken off or has never been is a warning") {
    CHECK(judged(scrub(1h, true)).state == ok);
    CHECK(judged(scrub(35 * day, true)).state == ok);
    CHECK(judged(scrub(35 * day + 1s, true)).state == warning);
    CHECK(judged(scrub(1h, false)).state == ok);
    CHECK(judged(scrub(36 * day, false)).state == warning);
    CHECK(judged(scrub(1h, false, true)).state == warning);
    for (const auto made : {std::optional<std::chrono::sys_seconds>{},
                            std::optional(now - 35 * day - 1s), std::optional(now + 1s)}) {
        const auto never = judge_scrubs({}, made, limits, now);
        REQUIRE(never.size() == 1);
        CHECK(never[0].state == warning);
        CHECK(never[0].text ==
              "the backup disk was never scrubbed; start one with btrfs scrub start");
    }
    const auto young = judge_scrubs({}, now - 35 * day, limits, now);
    REQUIRE(young.size() == 1);
    CHECK(young[0].state == ok);
}

TEST_CASE("errors that a scrub found are critical, also while it goes on") {
    for (const bool finished : {true, false}) {
        auto record = scrub(2h, finished);
        record.errors = {{"csum_errors", 3}, {"uncorrectable_errors", 1}};
        CHECK(judged(record).state == critical);
        CHECK(judged(record).text ==
              "the scrub of 2 h ago found errors on device 1: 3 csum_errors, 1 "
              "uncorrectable_errors; the kernel's log names the files");
    }
}

TEST_CASE("every counter of a device that is not zero is critical by itself") {
    CHECK(judge_devices(std::vector<DeviceErrors>{{"/dev/sda1", 0, 0, 0, 0, 0}}).front().state ==
          ok);
    const auto findings = judge_devices(
        std::vector<DeviceErrors>{{"/dev/sda1", 1, 2, 3, 4, 5}, {"/dev/sdb1", 0, 0, 0, 7, 0}});
    REQUIRE(findings.size() == 6);
    for (const auto& finding : findings)
        CHECK(finding.state == critical);
    CHECK(findings[0].text.starts_with("/dev/sda1 has counted 1 write errors;"));
    CHECK(findings[4].text.starts_with("/dev/sda1 has counted 5 generation errors;"));
    CHECK(findings[5].text.starts_with("/dev/sdb1 has counted 7 corruption errors;"));
}

TEST_CASE("a clock that was set back makes no old backup young") {
    TagTimes times{now - 1h, {}, 48h};
    CHECK(judge_tag(home, times, limits, now).front().state == CheckState::critical);
    times.newest = now + 24h * 365;
    CHECK(judge_tag(home, times, limits, now).front().state == CheckState::critical);
    times.counted_age = 1h;
    CHECK(judge_tag(home, times, limits, now).front().state == CheckState::warning);
}

TEST_CASE("a device that is missing is critical, though it has counted nothing") {
    DeviceErrors missing;
    missing.device = "device 2";
    missing.id = 2;
    missing.missing = true;
    const auto findings =
        judge_devices(std::vector<DeviceErrors>{{"/dev/sda1", 0, 0, 0, 0, 0}, missing});
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].state == critical);
    CHECK(findings[0].text.starts_with("device 2 of the backup disk is missing;"));
}
