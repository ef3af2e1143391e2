#include "snapferry/core/retention/retention.h"

#include <algorithm>
#include <random>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

const CountedTime now{1'700'000'000s};

Backup backup(unsigned number, const std::string& name, std::chrono::seconds age = 24h) {
    return {SnapshotName::parse(name).value(), uuid(number), number, {}, uuid(number), now - age};
}

/// Numbered 1 (the oldest) to `count`, a day between each two.
std::vector<Backup> daily(unsigned count) {
    std::vector<Backup> backups;
    for (unsigned i = 1; i <= count; ++i)
        backups.push_back(backup(i, "day-" + std::to_string(i) + "@daily", 24h * (count - i)));
    return backups;
}

std::vector<std::string> kept(const std::vector<RetentionDecision>& decisions) {
    std::vector<std::string> names;
    for (const auto& decision : decisions)
        if (decision.keep)
            names.push_back(decision.backup.name.text());
    return names;
}

std::string reason_for(const std::vector<RetentionDecision>& decisions, const std::string& name) {
    for (const auto& decision : decisions)
        if (decision.backup.name.text() == name)
            return decision.reason;
    return "not decided";
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the newest backups are kept, as many as the policy says") {
    const auto backups = daily(5);
    CHECK(kept(plan_retention(backups, {2, 0s}, now)) == Names{"day-5@daily", "day-4@daily"});
    CHECK(kept(plan_retention(backups, {5, 0s}, now)).size() == 5);
    CHECK(kept(plan_retention(backups, {1000, 0s}, now)).size() == 5);
    CHECK(plan_retention({}, {2, 0s}, now).empty());
}

TEST_CASE("the newest backup stays even where the policy would keep none") {
    CHECK(kept(plan_retention(daily(3), {0, 0s}, now)) == Names{"day-3@daily"});
}

TEST_CASE("every decision says why") {
    const auto decisions = plan_retention(daily(4), {2, 0s}, now);
    CHECK(reason_for(decisions, "day-4@daily") == "the newest");
    CHECK(reason_for(decisions, "day-3@daily") == "2 of the newest 2");
    CHECK(reason_for(decisions, "day-2@daily") == "2 newer ones are kept");
    CHECK(reason_for(decisions, "day-1@daily") == "2 newer ones are kept");
}

TEST_CASE("the order of arrival decides, not the name and not the clock") {
    const std::vector backups{backup(1, "2099@daily", 0s), backup(3, "1999@daily", 24h * 900),
                              backup(2, "2005@daily", 24h * 5)};
    CHECK(kept(plan_retention(backups, {2, 0s}, now)) == Names{"1999@daily", "2005@daily"});
}

TEST_CASE("what is younger than min_age stays whatever the count says") {
    const auto decisions = plan_retention(daily(6), {1, 72h}, now);
    CHECK(kept(decisions) == Names{"day-6@daily", "day-5@daily", "day-4@daily"});
    CHECK(reason_for(decisions, "day-5@daily") == "younger than min_age (3 d)");
    CHECK(decisions[1].goes_when == "2 d have passed");
    CHECK(reason_for(decisions, "day-3@daily") == "1 newer ones are kept");
}

TEST_CASE("a backup whose age is not known counts as new, where age counts at all") {
    std::vector backups{backup(1, "old@daily"), backup(2, "new@daily")};
    backups[0].counted_arrival = CountedTime::max();
    const auto decisions = plan_retention(backups, {1, 1h}, now);
    CHECK(kept(decisions) == Names{"new@daily", "old@daily"});
    CHECK(reason_for(decisions, "old@daily") == "its age is not known");
    CHECK(kept(plan_retention(backups, {1, 0s}, now)) == Names{"new@daily"});
}

TEST_CASE("what an unfinished receive builds on stays") {
    const auto decisions = plan_retention(daily(4), {1, 0s}, now, {uuid(2)});
    CHECK(kept(decisions) == Names{"day-4@daily", "day-2@daily"});
    CHECK(reason_for(decisions, "day-2@daily") == "an unfinished receive builds on it");
}

TEST_CASE("a copy that was replaced by a newer one is a backup like any other") {
    std::vector backups{backup(1, "a@daily"), backup(2, "b@daily.replaced-1"),
                        backup(3, "b@daily.replaced-2"), backup(4, "b@daily")};
    backups[1].received_uuid = backups[2].received_uuid = backups[3].received_uuid;
    CHECK(kept(plan_retention(backups, {7, 0s}, now)).size() == 4);
    CHECK(kept(plan_retention(backups, {2, 0s}, now)) == Names{"b@daily", "b@daily.replaced-2"});
    CHECK(kept(plan_retention(backups, {1, 48h}, now)).size() == 4);
}

TEST_CASE("of copies with one received uuid only the one that is built on is held") {
    std::vector backups{backup(1, "b@daily.replaced-1"), backup(2, "b@daily.replaced-2"),
                        backup(3, "b@daily"), backup(4, "c@daily")};
    backups[0].received_uuid = backups[1].received_uuid = backups[2].received_uuid;
    const auto decisions = plan_retention(backups, {1, 0s}, now, {backups[1].copy});
    CHECK(kept(decisions) == Names{"c@daily", "b@daily.replaced-2"});
}

TEST_CASE("whatever backups there are, the plan keeps its promises") {
    std::mt19937 random(1);
    const auto upto = [&](unsigned most) { return static_cast<unsigned>(random() % (most + 1)); };
    for (int round = 0; round < 2000; ++round) {
        std::vector<Backup> backups;
        const auto count = upto(12);
        for (unsigned i = 1; i <= count; ++i) {
            auto name = "day-" + std::to_string(i);
            if (i < count && upto(5) == 0)
                name = "day-" + std::to_string(i + 1) + ".replaced-1";
            backups.push_back(backup(i, name, 1h * upto(100) - 2h));
            if (upto(1) == 0 && i > 1)
                backups.back().received_uuid = backups[i - 2].received_uuid;
        }
        std::shuffle(backups.begin(), backups.end(), random);
        const RetentionPolicy policy{upto(4), 1h * upto(50)};
        std::set<Uuid> needed;
        for (unsigned i = upto(2); i > 0; --i)
            needed.insert(uuid(upto(12)));

        const auto decisions = plan_retention(backups, policy, now, needed);
        REQUIRE(decisions.size() == backups.size());
        for (std::size_t i = 0; i < decisions.size(); ++i) {
            const auto& [one, keep, reason, goes_when] = decisions[i];
            CAPTURE(round, one.name.text(), reason);
            REQUIRE(goes_when.empty() != keep);
            REQUIRE_FALSE(reason.empty());
            REQUIRE((i == 0 || decisions[i - 1].backup.arrival > one.arrival));
            REQUIRE((keep || !needed.contains(one.copy)));
            REQUIRE((keep || policy.min_age == 0s || now - one.counted_arrival >= policy.min_age));
        }
        const auto stay = kept(decisions);
        REQUIRE(stay.empty() == backups.empty());
        REQUIRE(stay.size() >= std::min(backups.size(), std::max<std::size_t>(policy.keep, 1)));
    }
}
