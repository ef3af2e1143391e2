#include "snapferry/core/plan/send_plan.h"

#include <algorithm>
#include <random>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

const Uuid home = uuid(200);
const Uuid other_volume = uuid(201);

/// The snapshot of the hour `number`, last changed in the transaction 10 times that.
LocalSnapshot hour(unsigned number, const Uuid& origin = home) {
    const auto name = "hour-" + std::to_string(number) + "-@hourly";
    LocalSnapshot snapshot{SnapshotName::parse(name).value(), uuid(number), uuid(number), origin,
                           number * 10};
    snapshot.path = "/data/" + name;
    snapshot.uuid = uuid(number);
    return snapshot;
}

LocalSnapshot pin(unsigned number) {
    auto copy = hour(number, uuid(number));  // a pin was taken from the snapshot
    copy.own = uuid(number + 100);
    copy.stands_for = copy.transid;
    copy.pinned = true;
    copy.path = "/data/.snapferry/home/" + copy.name.text();
    return copy;
}

RemoteSnapshot at_receiver(unsigned number) {
    return {hour(number).name, uuid(number)};
}

using Local = std::vector<LocalSnapshot>;
using Remote = std::vector<RemoteSnapshot>;

std::string parent_of(const SendPlan& plan) {
    const auto* incremental = std::get_if<IncrementalSend>(&plan);
    return incremental == nullptr ? "none" : incremental->parent.path;
}

std::string reason_of(const SendPlan& plan) {
    return std::visit(
        [](const auto& chosen) {
            if constexpr (requires { chosen.reason; })
                return chosen.reason;
            else if constexpr (requires { chosen.newer; })
                return "older than " + chosen.newer.name.text();
            else
                return chosen.failure.words;
        },
        plan);
}

const Attempts no_attempts;

SendPlan plan_of(const LocalSnapshot& snapshot, const Local& local, const Remote& remote,
                 bool force = false, const Attempts& attempts = no_attempts) {
    return plan_send(snapshot, {local, remote, {}, attempts, force});
}

SendPlan plan_unasked(const LocalSnapshot& snapshot, const Local& local,
                      const std::string& last_sent, bool force = false,
                      const std::vector<SentSnapshot>& sent = {}) {
    return plan_send_unasked(snapshot, local, sent, last_sent, force);
}

}  // namespace

TEST_CASE("a snapshot is found by its uuid, the pin before the snapshot it was taken of") {
    CHECK(find_snapshot(Local{hour(1), pin(1), hour(2)}, uuid(1))->pinned);
    CHECK(find_snapshot(Local{pin(1), hour(1)}, uuid(1))->pinned);
    CHECK_FALSE(find_snapshot(Local{hour(1), hour(2)}, uuid(2))->pinned);
    CHECK_FALSE(find_snapshot(Local{hour(1)}, uuid(3)));
}

TEST_CASE("what the receiver has is not sent") {
    const Local local{hour(1), hour(2)};
    const auto plan = plan_of(hour(2), local, Remote{at_receiver(2)}, false);
    CHECK(std::holds_alternative<UpToDate>(plan));
    CHECK(reason_of(plan) == "the receiver has it already");
}

TEST_CASE("what the receiver has is sent again where that is demanded, and builds on nothing") {
    const Local local{hour(1), hour(2)};
    for (const auto& remote :
         {Remote{}, Remote{at_receiver(2)}, Remote{at_receiver(2), at_receiver(1)}}) {
        const auto full = plan_of(hour(2), local, remote, true);
        CHECK(std::holds_alternative<FullSend>(full));
        CHECK(reason_of(full) == "sent as demanded, and a forced send builds on nothing");
    }
}

TEST_CASE("nothing older than what is there from here goes, unless that is demanded") {
    auto pinned = pin(2);
    const Local local{hour(1), pinned};
    const auto plan = [&](const Local& known, bool force) {
        return reason_of(plan_send(hour(1), {local, Remote{}, {}, no_attempts, force, known}));
    };
    CHECK(plan({pinned}, false) == "older than hour-2-@hourly");
    CHECK(plan({hour(2)}, false) == "older than hour-2-@hourly");
    CHECK(plan({hour(1)}, false) == "the receiver has no snapshot of this tag yet");
    CHECK(plan({pinned}, true) == "sent as demanded, and a forced send builds on nothing");
    CHECK(reason_of(plan_send_unasked(hour(1), local, {}, "hour-2-@hourly", false, hour(2))) ==
          "older than hour-2-@hourly");
}

TEST_CASE("what was made after the newest there is sent, whatever its name says") {
    auto later = hour(1);
    later.made_in = 21;  // hour 2 was last changed in 20
    const Local known{hour(2)};
    CHECK(std::holds_alternative<FullSend>(
        plan_send(later, {Local{later}, Remote{}, {}, no_attempts, false, known})));
    auto ahead = hour(2);
    ahead.named = std::chrono::sys_seconds{std::chrono::hours{25}};  // and it is 1970 now
    CHECK(std::holds_alternative<FullSend>(
        plan_send(hour(1), {Local{hour(1)}, Remote{}, {}, no_attempts, false, Local{ahead}})));
}

TEST_CASE("a full send says why it is one") {
    const auto first = plan_of(hour(2), Local{hour(1), hour(2)}, {}, false);
    CHECK(std::holds_alternative<FullSend>(first));
    CHECK(reason_of(first) == "the receiver has no snapshot of this tag yet");
    const auto lost = plan_of(hour(3), Local{hour(2), hour(3)}, Remote{at_receiver(1)}, false);
    CHECK(std::holds_alternative<FullSend>(lost));
    CHECK(reason_of(lost) == "no snapshot here is also at the receiver");
}

TEST_CASE("the best parent is the newest that both sides have") {
    const Local local{hour(1), hour(2), hour(3), hour(4)};
    const Remote remote{at_receiver(2), at_receiver(1)};
    CHECK(parent_of(plan_of(hour(4), local, remote, false)) == hour(2).path);
}

TEST_CASE("a snapshot of another volume is a parent only where there is no better one") {
    const Local local{hour(1), hour(2, other_volume), hour(3)};
    const Remote both{at_receiver(2), at_receiver(1)};
    CHECK(parent_of(plan_of(hour(3), local, both, false)) == hour(1).path);
    CHECK(parent_of(plan_of(hour(3), local, Remote{at_receiver(2)}, false)) ==
          hour(2, other_volume).path);
}

TEST_CASE("a snapshot taken later is a parent only where there is no earlier one") {
    const Local local{hour(1), hour(3), hour(2)};
    const Remote both{at_receiver(3), at_receiver(1)};
    CHECK(parent_of(plan_of(hour(2), local, both, false)) == hour(1).path);
    CHECK(parent_of(plan_of(hour(2), local, Remote{at_receiver(3)}, false)) == hour(3).path);
}

TEST_CASE("a pin serves as parent when its snapshot is gone, and before it when it is not") {
    const Remote remote{at_receiver(1)};
    CHECK(parent_of(plan_of(hour(2), Local{pin(1), hour(2)}, remote, false)) == pin(1).path);
    CHECK(parent_of(plan_of(hour(2), Local{hour(1), pin(1), hour(2)}, remote, false)) ==
          pin(1).path);
    CHECK(parent_of(plan_of(hour(2), Local{pin(1), hour(1), hour(2)}, remote, false)) ==
          pin(1).path);
}

TEST_CASE(
    "whatever both sides have, the parent is one that both have and not the snapshot itself") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        Local local;
        Remote remote;
        for (unsigned i = 1; i <= 6; ++i) {
            if (random() % 2 == 0)
                local.push_back(hour(i, random() % 3 == 0 ? other_volume : home));
            if (random() % 3 == 0)
                local.push_back(pin(i));
            if (random() % 2 == 0)
                remote.push_back(at_receiver(i));
        }
        const auto snapshot = hour(static_cast<unsigned>(random() % 6 + 1));
        const bool force = random() % 4 == 0;
        std::shuffle(local.begin(), local.end(), random);
        const auto plan = plan_of(snapshot, local, remote, force);
        const auto has = [&](const Uuid& wanted) {
            return std::any_of(remote.begin(), remote.end(),
                               [&](const auto& one) { return one.uuid == wanted; });
        };
        const bool common = std::any_of(local.begin(), local.end(), [&](const auto& one) {
            return one.uuid != snapshot.uuid && has(one.uuid);
        });
        REQUIRE(std::holds_alternative<UpToDate>(plan) == (!force && has(snapshot.uuid)));
        if (!std::holds_alternative<UpToDate>(plan))
            REQUIRE(std::holds_alternative<IncrementalSend>(plan) == (common && !force));
        if (const auto* incremental = std::get_if<IncrementalSend>(&plan)) {
            REQUIRE(has(incremental->parent.uuid));
            REQUIRE(incremental->parent.uuid != snapshot.uuid);
            std::shuffle(local.begin(), local.end(), random);
            REQUIRE(parent_of(plan_of(snapshot, local, remote, force)) == parent_of(plan));
        }
    }
}

TEST_CASE("a receiver that cannot be asked is sent what the last-sent file leads to") {
    const Local local{hour(1), hour(2), hour(3)};
    const auto plan = [&](const std::string& last_sent, bool force = false) {
        return plan_unasked(hour(3), local, last_sent, force);
    };
    CHECK(std::holds_alternative<FullSend>(plan("")));
    CHECK(reason_of(plan("")) == "nothing was sent before");

    CHECK(parent_of(plan("hour-2-@hourly")) == hour(2).path);
    CHECK(std::holds_alternative<FullSend>(plan("hour-1-@hourly", true)));

    CHECK(std::holds_alternative<UpToDate>(plan("hour-3-@hourly")));
    CHECK(std::holds_alternative<FullSend>(plan("hour-3-@hourly", true)));

    CHECK(std::holds_alternative<FullSend>(plan("hour-0-@hourly")));
    CHECK(reason_of(plan("hour-0-@hourly")) == "the last one sent, hour-0-@hourly, is gone here");
}

TEST_CASE("a receiver that cannot be asked is sent an increment from a pin, too") {
    const auto plan = plan_unasked(hour(2), Local{pin(1), hour(2)}, "hour-1-@hourly", false);
    CHECK(parent_of(plan) == pin(1).path);
    const auto both =
        plan_unasked(hour(2), Local{hour(1), pin(1), hour(2)}, "hour-1-@hourly", false);
    CHECK(parent_of(both) == pin(1).path);
}

TEST_CASE("what the last-sent file says is shown without its escape sequences") {
    const auto plan = plan_unasked(hour(2), Local{hour(2)}, "a\x1b[2J", false);
    CHECK(reason_of(plan) == "the last one sent, a\\x1b[2J, is gone here");
}

TEST_CASE("a name that was used again is not the snapshot that was sent under it") {
    auto again = hour(2);
    again.name = hour(1).name;
    const std::vector<SentSnapshot> sent{{"hour-1-@hourly", uuid(1), 10}};
    CHECK(std::holds_alternative<FullSend>(
        plan_unasked(again, {again}, "hour-1-@hourly", false, sent)));
    CHECK(parent_of(plan_unasked(again, {again, pin(1)}, "hour-1-@hourly", false, sent)) ==
          pin(1).path);
    CHECK(std::holds_alternative<UpToDate>(
        plan_unasked(hour(1), {hour(1)}, "hour-1-@hourly", false, sent)));
}

TEST_CASE("a parent that failed twice gives way to the next best, and then to a full send") {
    const Local local{hour(1), hour(2), hour(3), hour(4)};
    const Remote remote{at_receiver(2), at_receiver(1)};
    Attempts attempts;
    const auto fail = [&](unsigned snapshot, unsigned parent) {
        attempts.failed({uuid(snapshot), "s", uuid(parent)}, ExitCode::receiving,
                        "of " + std::to_string(snapshot * 10 + parent));
    };
    fail(3, 2);
    CHECK(parent_of(plan_of(hour(4), local, remote, false, attempts)) == hour(2).path);
    fail(4, 2);
    CHECK(parent_of(plan_of(hour(4), local, remote, false, attempts)) == hour(1).path);
    fail(4, 1);
    fail(4, 1);
    const auto full = plan_of(hour(4), local, remote, false, attempts);
    CHECK(std::holds_alternative<FullSend>(full));
    CHECK(reason_of(full) == "no other parent is at both ends than such as have failed twice");
}

TEST_CASE(
    "after two parents that failed nothing is built on a third, until a full one has arrived") {
    const Local local{hour(1), hour(2), hour(3), hour(4), hour(5)};
    Attempts attempts;
    for (const unsigned parent : {3U, 2U})
        for (int time = 0; time < 2; ++time)
            attempts.failed({uuid(4), "s", uuid(parent)}, ExitCode::receiving,
                            std::to_string(parent) + std::to_string(time));
    const Remote remote{at_receiver(3), at_receiver(2), at_receiver(1)};
    CHECK(std::holds_alternative<FullSend>(plan_of(hour(4), local, remote, false, attempts)));
    const Remote after{at_receiver(4), at_receiver(3), at_receiver(2), at_receiver(1)};
    CHECK(parent_of(plan_of(hour(5), local, after, false, attempts)) == hour(4).path);
}

TEST_CASE("a snapshot that failed in every way is not sent, unless that is demanded") {
    Attempts attempts;
    for (int time = 0; time < 2; ++time)
        attempts.failed({uuid(2), "hour-2-@hourly"}, ExitCode::receiving, "no room for an xattr");
    const auto plan = plan_of(hour(2), {hour(1), hour(2)}, {at_receiver(1)}, false, attempts);
    REQUIRE(std::holds_alternative<CannotSend>(plan));
    CHECK(std::get<CannotSend>(plan).failure.words == "no room for an xattr");
    CHECK(std::holds_alternative<FullSend>(
        plan_of(hour(2), {hour(2)}, {at_receiver(1)}, true, attempts)));
    CHECK(std::holds_alternative<IncrementalSend>(
        plan_of(hour(3), {hour(1), hour(3)}, {at_receiver(1)}, false, attempts)));
}

TEST_CASE("nothing is built on a copy that is not the one that was sent") {
    const Local local{hour(1), hour(2), hour(3)};
    const std::vector<SentSnapshot> sent{{"one", uuid(1), 10, uuid(51)},
                                         {"two", uuid(2), 20, uuid(52)}};
    const auto copy = [](unsigned number, unsigned which) {
        return RemoteSnapshot{hour(number).name, uuid(number), uuid(which)};
    };
    const auto plan = [&](const LocalSnapshot& snapshot, const Remote& remote) {
        return plan_send(snapshot, {local, remote, sent, no_attempts, false});
    };
    const auto good = plan(hour(3), {copy(2, 52), copy(1, 51)});
    CHECK(parent_of(good) == hour(2).path);
    CHECK(std::get<IncrementalSend>(good).parent_copy == uuid(52));
    CHECK(parent_of(plan(hour(3), {copy(2, 99), copy(1, 51)})) == hour(1).path);
    CHECK(std::get<IncrementalSend>(plan(hour(3), {copy(2, 99), copy(2, 52)})).parent_copy ==
          uuid(52));
    CHECK(std::holds_alternative<FullSend>(plan(hour(3), {copy(2, 99)})));
    CHECK(std::holds_alternative<UpToDate>(plan(hour(2), {copy(2, 99), copy(2, 52)})));
    CHECK_FALSE(std::holds_alternative<UpToDate>(plan(hour(2), {copy(2, 99)})));
}
