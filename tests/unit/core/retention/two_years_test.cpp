/// Two years of backups as a Pi sees them, with gaps of weeks, days with several, changes of the
/// clocks, and a clock that is set back once: what the plan promises holds at every one of them.

#include <algorithm>
#include <map>
#include <random>

#include "catch.h"
#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/retention/retention.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

Uuid uuid(std::uint32_t number) {
    std::array<std::byte, Uuid::size> bytes{};
    for (std::size_t i = 0; i < sizeof number; ++i)
        bytes.at(15 - i) = static_cast<std::byte>(number >> (8 * i));
    return Uuid{bytes};
}

/// Central Europe's, near enough: an hour more from 1 April to 1 November.
std::chrono::seconds offset_at(sys_seconds at) {
    const std::chrono::year_month_day date(std::chrono::floor<days>(at));
    const auto month = static_cast<unsigned>(date.month());
    return month >= 4 && month < 11 ? 2h : 1h;
}

class TwoYears {
  public:
    explicit TwoYears(unsigned seed) : random_(seed) {}

    /// Newest arrival first, numbered as the receiver does it, one after the other.
    std::vector<Backup> backups() {
        for (int day = 0; day < 730; ++day) {
            if (day == 400)
                wrong_by_ = -days{9};  // the clock is set back, once
            if (upto(60) == 0)
                day += static_cast<int>(upto(40));  // nobody was there
            const auto times = upto(9) == 0 ? 3 : 1;
            for (int time = 0; time < times; ++time)
                arrive(days{day} + 7h + 4h * time + std::chrono::minutes(upto(59)));
        }
        return backups_;
    }

    [[nodiscard]] CountedTime now() const { return backups_.front().counted_arrival + 3h; }

    unsigned upto(unsigned most) { return static_cast<unsigned>(random_() % (most + 1)); }

  private:
    void arrive(std::chrono::seconds since) {
        const auto number = static_cast<std::uint32_t>(backups_.size() + 1);
        const auto wall = sys_days{std::chrono::year{2024} / 11 / 20} + since + wrong_by_;
        Backup one{SnapshotName::parse("day@daily").value(),
                   uuid(number),
                   number,
                   wall,
                   uuid(number),
                   CountedTime{since}};
        const Arrival arrival{one.counted_arrival, {wall, offset_at(wall)}};
        one.periods = book_.enter(arrival.when, arrival.counted);
        backups_.insert(backups_.begin(), one);
    }

    std::mt19937 random_;
    PeriodBook book_;
    std::vector<Backup> backups_;
    std::chrono::seconds wrong_by_{0};
};

std::set<Uuid> kept(const std::vector<RetentionDecision>& decisions) {
    std::set<Uuid> copies;
    for (const auto& decision : decisions)
        if (decision.keep)
            copies.insert(decision.backup.copy);
    return copies;
}

std::vector<Backup> those_kept(const std::vector<RetentionDecision>& decisions) {
    std::vector<Backup> backups;
    for (const auto& decision : decisions)
        if (decision.keep)
            backups.push_back(decision.backup);
    return backups;
}

/// The first to arrive of each of the last `count` periods, found the slow way.
std::set<Uuid> firsts(const std::vector<Backup>& newest_first, Period period, std::size_t count) {
    std::map<std::uint32_t, Uuid> first;
    for (const auto& backup : newest_first)
        first[backup.periods.at(index_of(period))] = backup.copy;
    std::set<Uuid> copies;
    for (auto one = first.rbegin(); one != first.rend() && copies.size() < count; ++one)
        copies.insert(one->second);
    return copies;
}

bool includes(const std::set<Uuid>& all, const std::set<Uuid>& some) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

RetentionPolicy some_policy(TwoYears& life) {
    return {life.upto(9),
            days{life.upto(20)},
            {life.upto(20), life.upto(20), life.upto(10), life.upto(14), life.upto(3)}};
}

}  // namespace

TEST_CASE("two years of backups: what is kept is the union of all that the policy says") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        TwoYears life(seed);
        auto backups = life.backups();
        const auto policy = some_policy(life);
        backups[life.upto(400)].locked = true;
        const std::set<Uuid> needed{backups[life.upto(400)].copy};
        const auto decisions = plan_retention(backups, policy, life.now(), needed);
        CAPTURE(seed, backups.size());

        std::set<Uuid> wanted = needed;
        for (std::size_t index = 0; index < backups.size(); ++index) {
            const auto& one = backups[index];
            const bool young = life.now() - one.counted_arrival < policy.min_age;
            if (index < std::max<std::size_t>(policy.keep, 1) || one.locked || young)
                wanted.insert(one.copy);
        }
        for (const auto period : all_periods)
            wanted.merge(firsts(backups, period, policy.periods.at(index_of(period))));
        CHECK(kept(decisions) == wanted);
        for (const auto& [backup, keep, reason, goes_when] : decisions) {
            CHECK_FALSE(reason.empty());
            CHECK(goes_when.empty() != keep);
            if (backup.locked)
                CHECK(reason.find("locked") != std::string::npos);
        }
    }
}

TEST_CASE("two years of backups: a plan does again nothing, in whatever order they are told") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        TwoYears life(seed);
        auto backups = life.backups();
        const auto policy = some_policy(life);
        const auto first = plan_retention(backups, policy, life.now());
        CAPTURE(seed);
        CHECK(kept(plan_retention(those_kept(first), policy, life.now())) == kept(first));
        std::mt19937 random(seed);
        std::shuffle(backups.begin(), backups.end(), random);
        CHECK(kept(plan_retention(backups, policy, life.now())) == kept(first));
    }
}

TEST_CASE("two years of backups: more of any word keeps no less") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        TwoYears life(seed);
        const auto backups = life.backups();
        const auto policy = some_policy(life);
        const auto before = kept(plan_retention(backups, policy, life.now()));
        auto more = policy;
        ++more.keep;
        CHECK(includes(kept(plan_retention(backups, more, life.now())), before));
        more = policy;
        more.min_age += days{3};
        CHECK(includes(kept(plan_retention(backups, more, life.now())), before));
        for (const auto period : all_periods) {
            more = policy;
            ++more.periods.at(index_of(period));
            CHECK(includes(kept(plan_retention(backups, more, life.now())), before));
        }
    }
}

TEST_CASE(
    "two years of backups: pruned day by day, no day, week or month is lost before its time") {
    TwoYears life(7);
    const auto all = life.backups();
    const RetentionPolicy policy{3, 0s, {0, 14, 8, 12, 0}};
    std::vector<Backup> held;
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        held.push_back(*one);
        held = those_kept(plan_retention(held, policy, one->counted_arrival));
        const std::vector<Backup> so_far(one.base() - 1, all.end());
        std::set<Uuid> there;
        for (const auto& backup : held)
            there.insert(backup.copy);
        for (const auto period : {Period::day, Period::week, Period::month})
            REQUIRE(includes(there, firsts(so_far, period, policy.periods.at(index_of(period)))));
    }
    CHECK(held.size() < 14 + 8 + 12 + 3);
}

TEST_CASE("a flood within a period does not displace the first of it") {
    TwoYears life(3);
    auto backups = life.backups();
    const RetentionPolicy policy{7, 0s, {0, 14, 8, 12, 0}};
    const auto before = kept(plan_retention(std::span(backups).subspan(7), policy, life.now()));
    PeriodBook book;
    for (auto one = backups.rbegin(); one != backups.rend(); ++one)
        book.note({one->arrived, offset_at(one->arrived)}, one->counted_arrival, one->periods);
    const auto honest = backups;
    for (std::uint32_t junk = 0; junk < 500; ++junk) {
        auto one = honest.front();
        one.arrival = one.arrival + junk + 1;
        one.copy = uuid(100'000 + junk);
        one.counted_arrival += 1s * (junk + 1);
        one.periods = book.enter({one.arrived + 1s * (junk + 1), offset_at(one.arrived)},
                                 one.counted_arrival);
        backups.insert(backups.begin(), one);
    }
    const auto after = kept(plan_retention(backups, policy, life.now()));
    for (const auto period : {Period::day, Period::week, Period::month})
        CHECK(includes(after, firsts(honest, period, policy.periods.at(index_of(period)))));
}

TEST_CASE("a clock that is set back puts no new day into an old one") {
    PeriodBook book;
    const auto at = [](int hours) {
        return LocalMoment{sys_days{std::chrono::year{2026} / 11 / 26} + std::chrono::hours(hours),
                           0s};
    };
    const auto first = book.enter(at(10), CountedTime{10h});
    CHECK(book.enter(at(12), CountedTime{12h}) == PeriodIds{2, 1, 1, 1, 1});
    CHECK(book.enter(at(36), CountedTime{36h}) == PeriodIds{3, 2, 1, 1, 1});
    CHECK(book.enter(at(12), CountedTime{60h}) == PeriodIds{4, 3, 1, 1, 1});
    CHECK(first == PeriodIds{1, 1, 1, 1, 1});
    // A machine without a battery, that begins in 1970 every other day
    const LocalMoment long_ago{sys_seconds{60s}, 0s};
    CHECK(book.enter(long_ago, CountedTime{61h}) == PeriodIds{5, 4, 2, 2, 2});
    CHECK(book.enter(long_ago, CountedTime{62h}) == PeriodIds{5, 4, 2, 2, 2});
    CHECK(book.enter(long_ago, CountedTime{110h}) == PeriodIds{6, 5, 2, 2, 2});
}

TEST_CASE("a plan that deletes more than half and more than three is asked about first") {
    const auto doubt = [](unsigned count, std::size_t keep) {
        std::vector<Backup> backups;
        for (std::uint32_t i = 1; i <= count; ++i)
            backups.push_back(
                {SnapshotName::parse("x").value(), uuid(i), i, {}, uuid(i), CountedTime{}});
        return why_to_ask_first(plan_retention(backups, {keep, 0s}, CountedTime{99h}));
    };
    CHECK(doubt(20, 1) == "it would delete 19 of 20 backups");
    CHECK(doubt(20, 9) == "it would delete 11 of 20 backups");
    CHECK_FALSE(doubt(20, 10));
    CHECK(doubt(5, 1) == "it would delete 4 of 5 backups");
    CHECK_FALSE(doubt(4, 1));
    CHECK_FALSE(doubt(0, 1));
}
