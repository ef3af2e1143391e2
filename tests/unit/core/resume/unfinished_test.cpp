#include "snapferry/core/resume/unfinished.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

using Kind = FailedPart::Kind;
using stream::Form;

LocalSnapshot day(unsigned number) {
    const auto name = "day-" + std::to_string(number) + "-@daily";
    LocalSnapshot snapshot{SnapshotName::parse(name).value(), uuid(number), uuid(number), uuid(200),
                           number};
    snapshot.uuid = uuid(number);
    return snapshot;
}

/// All that is known, as it is where day 2 was interrupted that builds on day 1, and nothing speaks
/// against going on.
struct Facts {
    std::vector<LocalSnapshot> local{day(1), day(2), day(3)};
    std::vector<SentSnapshot> sent{{"day-1-@daily", uuid(1), 1, uuid(101)}};
    Attempts attempts{};
    bool force = false;
    wire::ShareTrust trust = wire::ShareTrust::macs;
    std::optional<Uuid> begun_here{};
    std::optional<Form> demanded{};
    Form newest_form = Form::v2;
    std::optional<Uuid> newest{};
    bool incremental_only = false;
    std::set<Uuid> arrived{};
    std::vector<LocalSnapshot> known_there{};
    wire::Unfinished unfinished{day(2).name, uuid(2), uuid(1), Form::v2, {}, uuid(101)};

    [[nodiscard]] UnfinishedPlan plan() const {
        const SendSituation send{local, {}, sent, attempts, force, known_there};
        return plan_unfinished(unfinished, {send, trust, begun_here, demanded, newest_form, newest,
                                            incremental_only, arrived});
    }

    void in_full() {
        unfinished.parent_uuid.reset();
        unfinished.parent_copy.reset();
    }

    void fails_twice(const Attempt& attempt) {
        attempts.failed(attempt, ExitCode::receiving, "a");
        attempts.failed(attempt, ExitCode::receiving, "a");
    }
};

struct Case {
    std::string what;
    std::function<void(Facts&)> change;
    std::string reason;  ///< to give it up; empty: it is gone on with
};

const std::vector<Case> cases{
    {"as it is", [](Facts&) {}, ""},
    {"an older receiver's", [](Facts& is) { is.trust = wire::ShareTrust::digests; }, ""},
    {"unproven", [](Facts& is) { is.trust = wire::ShareTrust::nothing; },
     "the receiver does not prove what it has of it"},
    {"unproven, and begun in this run",
     [](Facts& is) {
         is.trust = wire::ShareTrust::nothing;
         is.begun_here = uuid(2);
     },
     "the receiver does not prove what it has of it"},
    {"forced", [](Facts& is) { is.force = true; }, "a forced send builds on nothing"},
    {"forced, and begun in this run",
     [](Facts& is) {
         is.force = true;
         is.begun_here = uuid(2);
     },
     ""},
    {"forced, and another begun in this run",
     [](Facts& is) {
         is.force = true;
         is.begun_here = uuid(3);
     },
     "a forced send builds on nothing"},
    {"forced, and what a forced send would send itself",
     [](Facts& is) {
         is.force = true;
         is.in_full();
         is.newest = uuid(2);
     },
     ""},
    {"forced, in full, and what cannot be sent otherwise",
     [](Facts& is) {
         is.force = true;
         is.in_full();
         is.newest = uuid(2);
         is.fails_twice({uuid(2), "day-2"});
     },
     ""},
    {"forced, in full, and failed in going on twice",
     [](Facts& is) {
         is.force = true;
         is.in_full();
         is.newest = uuid(2);
         is.fails_twice({uuid(2), "day-2", {}, true});
     },
     "to go on with it has failed twice"},
    {"forced, in full, and not the newest",
     [](Facts& is) {
         is.force = true;
         is.in_full();
         is.newest = uuid(3);
     },
     "a forced send is of the newest"},
    {"an increment where only such is demanded", [](Facts& is) { is.incremental_only = true; }, ""},
    {"in full where only an increment is demanded",
     [](Facts& is) {
         is.in_full();
         is.incremental_only = true;
     },
     "it goes in full, and only an increment is demanded"},
    {"older than what is there", [](Facts& is) { is.known_there = {day(3)}; },
     "the receiver has day-3-@daily already, which is newer"},
    {"newer than what is there", [](Facts& is) { is.known_there = {day(1)}; }, ""},
    {"older than what is there, and forced in this run",
     [](Facts& is) {
         is.known_there = {day(3)};
         is.force = true;
         is.begun_here = uuid(2);
     },
     ""},
    {"rotated away",
     [](Facts& is) {
         is.local = {day(1), day(3)};
     },
     "it is no longer here"},
    {"to be had by a pin only", [](Facts& is) { is.local[1].announced = uuid(9); },
     "it is no longer here"},
    {"its parent rotated away",
     [](Facts& is) {
         is.local = {day(2), day(3)};
     },
     "its parent is no longer here"},
    {"its parent to be had by a pin only", [](Facts& is) { is.local[0].announced = uuid(9); },
     "its parent is no longer here"},
    {"in full",
     [](Facts& is) {
         is.local = {day(2)};
         is.in_full();
     },
     ""},
    {"on another copy of its parent", [](Facts& is) { is.unfinished.parent_copy = uuid(102); },
     "it builds on another copy of its parent than the one that was sent from here"},
    {"on a copy that is not told", [](Facts& is) { is.unfinished.parent_copy.reset(); }, ""},
    {"on a copy of which nothing is remembered", [](Facts& is) { is.sent.clear(); }, ""},
    {"failed once",
     [](Facts& is) {
         is.attempts.failed({uuid(2), "day-2", {}, true}, ExitCode::receiving, "a");
     },
     ""},
    {"failed twice",
     [](Facts& is) {
         is.fails_twice({uuid(2), "day-2", {}, true});
     },
     "to go on with it has failed twice"},
    {"its parent failed twice, with another",
     [](Facts& is) {
         is.fails_twice({uuid(3), "day-3", uuid(1)});
     },
     "its parent has failed twice"},
    {"failed twice in full",
     [](Facts& is) {
         is.fails_twice({uuid(2), "day-2"});
     },
     "the snapshot cannot be sent: it has failed twice"},
    {"its form demanded", [](Facts& is) { is.demanded = Form::v2; }, ""},
    {"another form demanded", [](Facts& is) { is.demanded = Form::v1; },
     "its stream is v2, and v1 is demanded"},
    {"a form that this kernel has not", [](Facts& is) { is.newest_form = Form::v1; },
     "this kernel cannot make its stream v2"},
    {"filled as this side does it",
     [](Facts& is) {
         is.in_full();
         is.unfinished.writes = 131072;
     },
     ""},
    {"filled in a way of the future",
     [](Facts& is) {
         is.in_full();
         is.unfinished.writes = 1048576;
     },
     "its stream was begun in a way that this version does not know"},
    {"an increment that is filled", [](Facts& is) { is.unfinished.writes = 131072; },
     "its stream was begun in a way that this version does not know"},
};

}  // namespace

TEST_CASE("what was interrupted is gone on with, or given up for a reason") {
    for (const auto& one : cases) {
        CAPTURE(one.what);
        Facts facts;
        one.change(facts);
        const auto plan = facts.plan();
        const auto* given_up = std::get_if<GiveUp>(&plan);
        CHECK((given_up == nullptr ? "" : given_up->reason) == one.reason);
        CHECK((given_up != nullptr && given_up->is_suspicious) ==
              (facts.trust == wire::ShareTrust::nothing));
    }
}

TEST_CASE("what has arrived in this very run is not gone on with, and that is suspicious") {
    Facts facts;
    facts.arrived = {uuid(2)};
    const auto plan = facts.plan();
    const auto* given_up = std::get_if<GiveUp>(&plan);
    REQUIRE(given_up != nullptr);
    CHECK(given_up->is_suspicious);
    facts.arrived = {uuid(1), uuid(3)};
    CHECK(std::holds_alternative<GoOn>(facts.plan()));
}

TEST_CASE("what was interrupted goes on from the pins that are held for it") {
    Facts facts;
    for (const auto& of : {day(1), day(2)}) {
        auto pin = of;
        pin.own = uuid(50);
        pin.pinned = true;
        facts.local.push_back(pin);
    }
    const auto plan = facts.plan();
    const auto* go_on = std::get_if<GoOn>(&plan);
    REQUIRE(go_on != nullptr);
    CHECK(go_on->snapshot.pinned);
    CHECK(go_on->snapshot.uuid == uuid(2));
    REQUIRE(go_on->parent);
    CHECK(go_on->parent->pinned);
    CHECK(go_on->parent->uuid == uuid(1));
}
