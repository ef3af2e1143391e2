#include "snapferry/core/plan/identity.h"

#include <algorithm>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;

namespace {

LocalSnapshot snapshot(unsigned number, std::uint64_t transid) {
    return {SnapshotName::parse("day-@daily").value(), uuid(number), uuid(number), uuid(200),
            transid};
}

/// One that was received, or took its received uuid from something that was.
LocalSnapshot received(unsigned number, unsigned received_uuid, std::uint64_t transid,
                       bool changed) {
    auto one = snapshot(number, transid);
    one.announced = uuid(received_uuid);
    one.changed_since_received = changed;
    return one;
}

LocalSnapshot pin_of(const LocalSnapshot& original, unsigned number, const Uuid& goes_by) {
    auto pin = snapshot(number, original.transid);
    pin.announced = goes_by;
    pin.origin = original.own;
    pin.stands_for = original.transid;
    pin.pinned = true;
    return pin;
}

RemoteSnapshot copy_of(unsigned number, unsigned copy) {
    return {SnapshotName::parse("day-@daily").value(), uuid(number), uuid(copy)};
}

using Local = std::vector<LocalSnapshot>;
using Sent = std::vector<SentSnapshot>;
using Remote = std::vector<RemoteSnapshot>;

/// What the first one goes by.
Uuid first_goes_by(Local local, const Sent& sent = {}, const Remote& remote = {}) {
    (void)identify(local, sent, remote);
    return local.front().uuid;
}

}  // namespace

TEST_CASE("a snapshot goes by what the kernel announces where that is right") {
    CHECK(first_goes_by({snapshot(1, 10)}) == uuid(1));
    CHECK(first_goes_by({snapshot(1, 10)}, {{"x", uuid(1), 10}}, {copy_of(1, 50)}) == uuid(1));
    CHECK(first_goes_by({received(1, 7, 10, false)}) == uuid(7));
    CHECK(first_goes_by({pin_of(snapshot(1, 10), 2, uuid(1))}) == uuid(1));
    auto written_before = snapshot(1, 10);
    written_before.changed_since_made = true;
    CHECK(first_goes_by({written_before}) == uuid(1));
    CHECK(first_goes_by({written_before}, {{"x", uuid(1), 10}}, {copy_of(1, 50)}) == uuid(1));
}

TEST_CASE("a snapshot that was changed since it was sent is another one, the same in every run") {
    const auto changed = snapshot(1, 20);
    const Sent remembered{{"x", uuid(1), 10}};
    const auto other = first_goes_by({changed}, remembered);
    CHECK(other != uuid(1));
    CHECK(other == first_goes_by({changed}, remembered, {copy_of(1, 50)}));
    CHECK(other == first_goes_by({changed, pin_of(snapshot(1, 10), 2, uuid(1))}));
    CHECK(other != first_goes_by({snapshot(1, 30)}, remembered));
    CHECK(other != first_goes_by({snapshot(2, 20)}, {{"x", uuid(2), 10}}));

    auto written = changed;
    written.changed_since_made = true;
    CHECK(other == first_goes_by({written}, {}, {copy_of(1, 50)}));

    Local local{changed};
    const auto told = identify(local, remembered, {});
    REQUIRE(told.size() == 1);
    CHECK(told.front().starts_with("day-@daily: it was changed since it was sent"));
    CHECK(local.front().goes_by_pin_only());
}

TEST_CASE(
    "the pin of a changed snapshot says what it goes by, and the pin of what it was does not") {
    const auto changed = snapshot(1, 20);
    const auto other = first_goes_by({changed}, {{"x", uuid(1), 10}});
    const auto pin = pin_of(changed, 3, other);
    CHECK(first_goes_by({changed, pin}) == other);
    CHECK(first_goes_by({changed, pin_of(snapshot(1, 10), 2, uuid(1)), pin}) == other);
}

TEST_CASE("a received uuid of something that was changed since names nothing") {
    CHECK(first_goes_by({received(1, 7, 20, true)}) == uuid(1));
    CHECK(first_goes_by({received(1, 7, 20, true)}, {{"x", uuid(7), 20}}, {copy_of(7, 50)}) ==
          uuid(1));
    SECTION("nor where an earlier version has pinned it under that") {
        const auto inherited = received(1, 7, 20, true);
        CHECK(first_goes_by({inherited, pin_of(inherited, 2, uuid(7))}) == uuid(1));
    }
    SECTION("of several that differ, only the least changed can be the one that was received") {
        Local local{received(1, 7, 20, false), received(2, 7, 10, false), received(3, 7, 30, false),
                    received(4, 7, 10, false)};
        (void)identify(local, {}, {});
        CHECK(local[0].uuid == uuid(1));
        CHECK(local[1].uuid == uuid(7));
        CHECK(local[2].uuid == uuid(3));
        CHECK(local[3].uuid == uuid(7));
    }
}

TEST_CASE("the receiver's copy is the one that was sent, or it is said how sure that is") {
    const Sent sent{{"x", uuid(1), 10, uuid(50)}, {"y", uuid(2), 10}};
    const auto trust = [&](unsigned number, const Remote& remote) {
        return copy_at_receiver(uuid(number), sent, remote).trust;
    };
    CHECK(trust(1, {}) == CopyTrust::absent);
    CHECK(trust(1, {copy_of(2, 50)}) == CopyTrust::absent);
    CHECK(trust(1, {copy_of(1, 50)}) == CopyTrust::told);
    CHECK(trust(1, {copy_of(1, 60), copy_of(1, 50), copy_of(1, 70)}) == CopyTrust::told);
    CHECK(trust(1, {copy_of(1, 60)}) == CopyTrust::foreign);
    CHECK(trust(1, {copy_of(1, 60), copy_of(1, 70)}) == CopyTrust::foreign);
    CHECK(trust(2, {copy_of(2, 60)}) == CopyTrust::first_contact);
    CHECK(trust(3, {copy_of(3, 60)}) == CopyTrust::first_contact);
    const Sent begun{{"x", uuid(1), 10, {}, true}};
    CHECK(copy_at_receiver(uuid(1), begun, Remote{copy_of(1, 60)}).trust == CopyTrust::foreign);
    CHECK(last_arrived(begun) == nullptr);
    auto untold = copy_of(1, 50);
    untold.copy.reset();
    CHECK(trust(1, {untold}) == CopyTrust::untold);

    const auto oldest = copy_at_receiver(uuid(3), sent, Remote{copy_of(3, 60), copy_of(3, 61)});
    CHECK(oldest.snapshot->copy == uuid(61));
    CHECK(copy_at_receiver(uuid(1), sent, Remote{copy_of(1, 60), copy_of(1, 50)}).snapshot->copy ==
          uuid(50));
}
