#include "snapferry/core/plan/missed.h"

#include <algorithm>
#include <random>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;
using std::chrono::days;
using std::chrono::sys_seconds;

namespace {

const sys_seconds day_0 = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

LocalSnapshot day(unsigned number) {
    LocalSnapshot one{SnapshotName::parse("day-" + std::to_string(1000 + number) + "-@d").value(),
                      uuid(number), uuid(number), uuid(200), number * 10};
    one.uuid = uuid(number);
    one.named = day_0 + days{number};
    one.number = one.made_in = number * 10;
    return one;
}

LocalSnapshot pin_of(unsigned number) {
    auto pin = day(number);
    pin.pinned = true;
    return pin;
}

/// What a plan is made from: days that are here, and days that are there.
struct Case {
    std::vector<LocalSnapshot> here;
    std::vector<RemoteSnapshot> remote;
    std::vector<LocalSnapshot> known_there;
    Attempts attempts{};
    bool force = false;
    std::set<Uuid> arrived{};
    unsigned today = 50;

    Case(unsigned from, unsigned to, const std::vector<unsigned>& there) {
        for (unsigned number = from; number <= to; ++number)
            here.push_back(day(number));
        for (const auto number : there) {
            remote.insert(remote.begin(), {day(number).name, uuid(number)});
            known_there.push_back(day(number));
        }
    }

    [[nodiscard]] SnapshotsToSend plan(const SendScope& scope) const {
        const auto newest =
            *std::max_element(here.begin(), here.end(), [](const auto& one, const auto& other) {
                return std::pair(!one.pinned, one.number) < std::pair(!other.pinned, other.number);
            });
        return plan_series(newest, scope,
                           {here, remote, {}, attempts, force, known_there, day_0 + days{today}},
                           arrived);
    }

    [[nodiscard]] std::vector<unsigned> numbers(const SendScope& scope = {true, {}}) const {
        std::vector<unsigned> numbers;
        for (const auto& one : plan(scope).all)
            numbers.push_back(static_cast<unsigned>(one.number / 10));
        return numbers;
    }
};

using Numbers = std::vector<unsigned>;

}  // namespace

TEST_CASE("only the newest goes where no more is asked for, or it is forced") {
    CHECK(Case(1, 5, {1}).numbers({}) == Numbers{5});
    Case forced(1, 5, {1});
    forced.force = true;
    CHECK(forced.numbers() == Numbers{5});
}

TEST_CASE("all that are younger than the receiver's newest go, the oldest first") {
    CHECK(Case(1, 5, {1}).numbers() == Numbers{2, 3, 4, 5});
    CHECK(Case(1, 5, {4}).numbers() == Numbers{5});
    INFO("what was passed over before its newest is not gone back to");
    CHECK(Case(1, 5, {1, 3}).numbers() == Numbers{4, 5});
    INFO("a receiver that has the newest lacks nothing; that is for the newest's own plan to say");
    CHECK(Case(1, 5, {5}).numbers() == Numbers{5});
}

TEST_CASE("a receiver that has nothing is sent all there are") {
    CHECK(Case(1, 3, {}).numbers() == Numbers{1, 2, 3});
}

TEST_CASE("of too many the newest go, and the others are counted") {
    const Case missed(1, 10, {1});
    CHECK(missed.numbers({true, 3}) == Numbers{8, 9, 10});
    CHECK(missed.plan({true, 3}).left_out == 6);
    CHECK(missed.plan({true, 9}).left_out == 0);
    CHECK(Case(1, 10, {}).numbers({true, 1}) == Numbers{10});
}

TEST_CASE("where the newest there is gone here, what came between may be lost, and that is known") {
    Case rotated(4, 6, {2});
    CHECK(rotated.plan({true, {}}).gone->number == 20);
    rotated.here.push_back(pin_of(2));
    CHECK(rotated.plan({true, {}}).gone->number == 20);
    CHECK(rotated.numbers() == Numbers{4, 5, 6});
    CHECK_FALSE(Case(2, 6, {2}).plan({true, {}}).gone);
}

TEST_CASE("what is begun overtakes what comes before it, and nothing overtakes the newest") {
    const auto left_by = [](const LocalSnapshot& begun) {
        auto series = Case(1, 5, {1}).plan({true, {}});
        const auto count = leave_out_before(series, begun);
        CHECK(count + series.all.size() == 4);
        CHECK(series.all.back().number == 50);
        return series.all.front().number / 10;
    };
    CHECK(left_by(day(2)) == 2);
    CHECK(left_by(pin_of(4)) == 4);
    CHECK(left_by(day(5)) == 5);
    CHECK(left_by(pin_of(6)) == 5);  // which is gone here
}

TEST_CASE("what is between the newest there and the newest here and cannot be sent is known") {
    std::vector<UnfitSnapshot> unfit;
    for (const unsigned number : {1U, 3U, 4U, 7U})
        unfit.push_back({day(number).name.text(), "it is writable", day(number).named, 0});
    unfit.push_back({"day-3-@other", "it is writable", day(3).named, 0});
    unfit.push_back({"before-@d", "it is writable", {}, 0});
    Case missed(2, 6, {2});
    const auto names = [&] {
        std::vector<std::string> found;
        for (const auto& one : unfit_among(missed.plan({true, {}}), unfit, "d"))
            found.push_back(one.name);
        return found;
    };
    const auto three = day(3).name.text();
    const auto four = day(4).name.text();
    CHECK(names() == std::vector{three, four});
    missed.known_there = {day(3)};
    CHECK(names() == std::vector{four});
    missed.known_there = {day(6)};
    CHECK(names().empty());
}

TEST_CASE("what has arrived in this run counts as there, whatever the receiver says") {
    Case denied(1, 5, {1});
    denied.arrived = {uuid(2), uuid(3)};
    CHECK(denied.numbers() == Numbers{4, 5});
}

TEST_CASE("what cannot be sent holds up no other") {
    Case bad(1, 5, {1});
    for (int times = 0; times < 4; ++times)
        bad.attempts.failed({uuid(3), "three"}, ExitCode::sending, "it is unreadable");
    CHECK(bad.numbers() == Numbers{2, 4, 5});
}

TEST_CASE("what is yet to come does not go, unless it is the clock that is wrong") {
    Case ahead(1, 5, {1});
    ahead.here.push_back(day(40));
    ahead.today = 5;
    CHECK(plan_series(day(5), {true, {}},
                      {ahead.here,
                       ahead.remote,
                       {},
                       ahead.attempts,
                       false,
                       ahead.known_there,
                       day_0 + days{5}},
                      {})
              .all.size() == 4);
    Case in_1970(10, 14, {10});
    in_1970.today = 0;
    CHECK(in_1970.numbers() == Numbers{11, 12, 13, 14});
}

TEST_CASE("whatever is here and there, each goes once, in order, and none before what is there") {
    std::mt19937 random(20261127);  // NOLINT: the same in each run
    for (int round = 0; round < 500; ++round) {
        Case any(1, 20, {});
        std::shuffle(any.here.begin(), any.here.end(), random);
        any.here.erase(any.here.begin() + 1 + static_cast<std::ptrdiff_t>(random() % 20),
                       any.here.end());
        unsigned last = 0;
        for (unsigned number = 1; number <= 20; ++number) {
            if (random() % 4 == 0) {
                any.known_there.push_back(day(number));
                last = number;
            }
        }
        const auto numbers = any.numbers();
        CHECK(std::adjacent_find(numbers.begin(), numbers.end(), std::greater_equal<>()) ==
              numbers.end());
        for (std::size_t index = 0; index + 1 < numbers.size(); ++index)
            CHECK(numbers[index] > last);
    }
}
