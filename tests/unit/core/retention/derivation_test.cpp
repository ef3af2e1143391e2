#include "snapferry/core/retention/derivation.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

const CountedTime now{1000h};

Uuid uuid(unsigned number) {
    std::array<std::byte, Uuid::size> bytes{};
    bytes[15] = static_cast<std::byte>(number);
    return Uuid{bytes};
}

/// Two a day, a day a "week": small numbers do.
std::vector<Backup> origins(unsigned count) {
    std::vector<Backup> backups;
    for (unsigned i = 1; i <= count; ++i) {
        const auto name = SnapshotName::parse("n" + std::to_string(i)).value();
        const auto week = (i + 1) / 2;
        backups.push_back({name, uuid(i), i, {}, uuid(i), CountedTime{}, {i, i, week, 1, 1}});
    }
    return backups;
}

std::vector<unsigned> numbers(const std::vector<Backup>& backups) {
    std::vector<unsigned> found;
    found.reserve(backups.size());
    for (const auto& backup : backups)
        found.push_back(static_cast<unsigned>(backup.arrival));
    return found;
}

using Numbers = std::vector<unsigned>;

}  // namespace

TEST_CASE("the first of each period is derived, as many as the policy keeps") {
    CHECK(numbers(plan_derivation(origins(8), {}, Period::week, {9, 0s}, now)) ==
          Numbers{1, 3, 5, 7});
    CHECK(numbers(plan_derivation(origins(8), {}, Period::week, {2, 0s}, now)) == Numbers{5, 7});
    CHECK(plan_derivation({}, {}, Period::week, {2, 0s}, now).empty());
}

TEST_CASE("what was derived is not derived again, nor another of its period") {
    auto derived = origins(8);
    derived = {derived[2]};
    derived[0].copy = uuid(99);
    CHECK(numbers(plan_derivation(origins(8), derived, Period::week, {9, 0s}, now)) ==
          Numbers{1, 5, 7});
    const auto all = origins(8);
    const std::vector without_first(all.begin() + 3, all.end());  // 3 is gone, 4 is left
    CHECK(numbers(plan_derivation(without_first, derived, Period::week, {9, 0s}, now)) ==
          Numbers{5, 7});
}

TEST_CASE("what the derived tag has let go is not made again") {
    const auto all = origins(8);
    const std::vector derived{all[4], all[6]};
    CHECK(plan_derivation(all, derived, Period::week, {2, 0s}, now).empty());
}

TEST_CASE("a record that is lost makes no second copy of the same") {
    auto derived = origins(8);
    derived = {derived[2]};
    derived[0].periods = {77, 77, 77, 77, 77};
    CHECK(numbers(plan_derivation(origins(4), derived, Period::week, {9, 0s}, now)) == Numbers{1});
}
