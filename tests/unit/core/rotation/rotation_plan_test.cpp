#include "snapferry/core/rotation/rotation_plan.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "catch.h"
#include "rotated.h"

using namespace snapferry;
using namespace snapferry::testing;
using namespace std::chrono_literals;

namespace {

const ZoneOffset europe = in_europe;
const auto now = at("2021-08-20T12:00:00+00:00");

/// One an hour, the last an hour ago: made in this order.
std::vector<LocalSnapshot> hourly(unsigned count) {
    std::vector<LocalSnapshot> all;
    for (unsigned number = 1; number <= count; ++number) {
        const auto when = now - std::chrono::hours(count - number + 1);
        all.push_back(rotated(rotated_name(NameForm::with_offset, {when, in_europe(when)}, "x"),
                              number, when));
    }
    return all;
}

struct Rotation {
    std::vector<LocalSnapshot> snapshots{};
    std::string keep = "3";
    std::vector<HeldSnapshot> held{};
    std::vector<UnfitSnapshot> unfit{};

    [[nodiscard]] RotationPlan plan() const {
        const NewName made{SnapshotName::parse("2021-08-20T14:00:00+02:00-@x").value(),
                           {now, in_europe(now)}};
        return plan_rotation({home, "x", snapshots, unfit, held,
                              std::get<KeepWords>(parse_keep(keep)), made, europe});
    }

    [[nodiscard]] std::vector<std::string> gone() const {
        std::vector<std::string> names;
        for (const auto& one : plan().snapshots) {
            if (!one.stays) {
                names.push_back(one.name);
            }
        }
        return names;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("of a rotation the newest stay, the new one among them") {
    CHECK(Rotation{hourly(2)}.gone().empty());
    CHECK(Rotation{hourly(3)}.gone() == Names{"2021-08-20T11:00:00+02:00-@x"});
    const auto plan = Rotation{hourly(4)}.plan();
    REQUIRE(plan.snapshots.size() == 5);
    CHECK(plan.snapshots.front().own.is_null());
    CHECK(plan.snapshots.front().name == "2021-08-20T14:00:00+02:00-@x");
    CHECK(plan.snapshots.front().reason == "the newest");
    CHECK(plan.snapshots.back().path == "/snapshots/2021-08-20T10:00:00+02:00-@x");
    CHECK(plan.snapshots.back().reason == "3 newer ones are kept");
}

TEST_CASE("with words the first of each period stays, by this machine's days") {
    const Rotation rotation{hourly(40), "2 2d"};
    const auto plan = rotation.plan();
    Names kept;
    for (const auto& one : plan.snapshots) {
        if (one.stays) {
            kept.push_back(one.name + ": " + one.reason);
        }
    }
    CHECK(kept == Names{"2021-08-20T14:00:00+02:00-@x: the newest",
                        "2021-08-20T13:00:00+02:00-@x: 2 of the newest 2",
                        "2021-08-20T00:00:00+02:00-@x: day 1 of 2",
                        "2021-08-19T00:00:00+02:00-@x: day 2 of 2"});
}

TEST_CASE("what is held stays, whatever is to be kept") {
    auto snapshots = hourly(6);
    const Rotation rotation{snapshots,
                            "1",
                            {{"another name", uuid(2), "the receiver of home has it as its last"},
                             {snapshots[3].name.text(), {}, "it was noted"}}};
    const auto plan = rotation.plan();
    CHECK(rotation.gone() == Names{snapshots[5].name.text(), snapshots[4].name.text(),
                                   snapshots[2].name.text(), snapshots[0].name.text()});
    CHECK(plan.snapshots[5].reason == "the receiver of home has it as its last");
    CHECK(plan.snapshots[3].reason == "it was noted");
}

TEST_CASE("what is no snapshot of this subvolume by the rotation stays, and is said") {
    auto snapshots = hourly(3);
    auto of_another = rotated("2021-08-01T11:00:00+02:00-@x", 90, now - 400h);
    of_another.origin = uuid(77);
    const auto named_by_hand = rotated("before-the-upgrade-@x", 91, now - 400h);
    const auto of_another_tag = rotated("2021-08-01T11:00:00+02:00-@y", 92, now - 400h);
    snapshots.insert(snapshots.begin(), {of_another, named_by_hand, of_another_tag});
    const Rotation rotation{snapshots, "3", {}, {{"half-made-@x", "it is writable"}, {"y", "no"}}};
    CHECK(rotation.gone() == Names{"2021-08-20T11:00:00+02:00-@x"});
    const auto plan = rotation.plan();
    REQUIRE(plan.left_alone.size() == 3);
    CHECK(plan.left_alone[0].name == "2021-08-01T11:00:00+02:00-@x");
    CHECK(plan.left_alone[0].why.find("another subvolume") != std::string::npos);
    CHECK(plan.left_alone[1].name == "before-the-upgrade-@x");
    CHECK(plan.left_alone[2].name == "half-made-@x");
}

TEST_CASE("they count in the order in which they were made, whatever the clock has said") {
    auto snapshots = hourly(3);
    // Made last, when the clock was ten years behind; made first, when it was far ahead.
    snapshots.push_back(rotated("2011-08-20T13:30:00+02:00-@x", 50, now - 24h * 3650));
    snapshots.insert(snapshots.begin(),
                     rotated("2031-08-20T13:30:00+02:00-@x", 0, now + 24h * 3650));
    CHECK(Rotation{snapshots, "2"}.gone() ==
          Names{"2021-08-20T13:00:00+02:00-@x", "2021-08-20T12:00:00+02:00-@x",
                "2021-08-20T11:00:00+02:00-@x", "2031-08-20T13:30:00+02:00-@x"});
}

TEST_CASE("what would delete more than half, and more than three, is a mistake until confirmed") {
    CHECK_FALSE(why_to_ask_first(Rotation{hourly(4), "1"}.plan()) == std::nullopt);
    CHECK(why_to_ask_first(Rotation{hourly(23), "1"}.plan()) ==
          "it would delete 23 of 24 snapshots");
    CHECK_FALSE(why_to_ask_first(Rotation{hourly(3), "1"}.plan()));
    CHECK_FALSE(why_to_ask_first(Rotation{hourly(24), "24"}.plan()));
}

TEST_CASE("a year of rotation keeps what the words say, and a role never changes") {
    std::vector<LocalSnapshot> there;
    Names kept_days;
    unsigned number = 0;
    const auto begin = at("2021-01-01T00:30:00+00:00");
    for (auto when = begin; when < begin + 24h * 365; when += 6h) {
        const NewName made{
            SnapshotName::parse(rotated_name(NameForm::of_zone, {when, in_europe(when)}, "x"))
                .value(),
            {when, in_europe(when)}};
        const auto plan = plan_rotation({home,
                                         "x",
                                         there,
                                         {},
                                         {},
                                         std::get<KeepWords>(parse_keep("4 7d 4w 6m")),
                                         made,
                                         europe});
        REQUIRE(plan.snapshots.front().stays);
        std::erase_if(there, [&](const LocalSnapshot& one) {
            return std::any_of(
                plan.snapshots.begin(), plan.snapshots.end(),
                [&](const RotatedSnapshot& each) { return each.own == one.own && !each.stays; });
        });
        there.push_back(rotated(made.name.text(), ++number, when));
    }
    std::size_t months = 0;
    for (const auto& one : there) {
        months += one.name.text().find("-01--01-30-00") != std::string::npos ||
                          one.name.text().find("-01--02-30-00") != std::string::npos
                      ? 1
                      : 0;
    }
    CHECK(months == 6);
    CHECK(there.size() <= 4 + 7 + 4 + 6);
    CHECK(there.size() >= 15);
}

TEST_CASE("of a subvolume without a uuid nothing is known to be a snapshot, and nothing goes") {
    auto received = hourly(5);
    for (auto& one : received) {
        one.origin = {};
    }
    const NewName made{SnapshotName::parse("2021-08-20T14:00:00+02:00-@x").value(),
                       {now, in_europe(now)}};
    const KeepWords keep{1, {}};
    const auto plan = plan_rotation({{}, "x", received, {}, {}, keep, made, europe});
    CHECK(plan.snapshots.size() == 1);
    CHECK(plan.left_alone.size() == 5);
}

TEST_CASE(
    "what was received on top of the subvolume stays, and what was made of one received goes") {
    auto all = hourly(3);
    all[0].announced = uuid(77);  // as the subvolume was
    all[1].announced = uuid(78);
    const NewName made{SnapshotName::parse("2021-08-20T14:00:00+02:00-@x").value(),
                       {now, in_europe(now)}};
    const KeepWords keep{1, {}};
    const auto plan = plan_rotation({home, "x", all, {}, {}, keep, made, europe, uuid(77)});
    REQUIRE(plan.snapshots.size() == 3);
    CHECK(plan.snapshots[1].own == uuid(3));
    CHECK(plan.snapshots[2].own == uuid(1));
    REQUIRE(plan.left_alone.size() == 1);
    CHECK(plan.left_alone.front().name == all[1].name.text());
    CHECK(plan_rotation({home, "x", all, {}, {}, keep, made, europe}).left_alone.size() == 2);
}

TEST_CASE("the last of a rotation is the one made last, whatever has a name from the future") {
    const auto last = [](const std::vector<std::string>& names) {
        std::vector<LocalSnapshot> all;
        all.reserve(names.size());
        for (const auto& name : names) {
            all.push_back(rotated(name, static_cast<unsigned>(all.size()) + 1, now));
        }
        return last_of_rotation(all, home, "x", now);
    };
    const std::string earlier = "2021-08-19T12:00:00+00:00-@x";
    const std::string today = "2021-08-20T11:00:00+00:00-@x";
    const std::string to_come = "2099-01-01T00:00:00+00:00-@x";
    const std::string next_week = "2021-08-27T12:00:00+00:00-@x";
    CHECK_FALSE(last({}));
    CHECK(last({earlier, today}) == at("2021-08-20T11:00:00+00:00"));
    CHECK(last({today, earlier}) == at("2021-08-19T12:00:00+00:00"));
    CHECK(last({to_come, earlier}) == at("2021-08-19T12:00:00+00:00"));
    CHECK(last({earlier, to_come}) == at("2021-08-19T12:00:00+00:00"));
    CHECK_FALSE(last({to_come}));
    CHECK(last({earlier, next_week}) == at("2021-08-27T12:00:00+00:00"));
    CHECK_FALSE(last({"2021-08-20T11:00:00+00:00-@y", "by-hand-@x"}));
    CHECK_FALSE(last_of_rotation({}, home, "x", now));
}
