#include "snapferry/send/memory/disk_memory.h"

#include <algorithm>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/core/names/snapshot_name.h"

using namespace snapferry;
using namespace snapferry::send;

namespace {

const SnapshotName name = SnapshotName::parse("2026-11-25-@daily").value();

/// The copy of a snapshot on a disk, as its kernel calls it.
Uuid copy(unsigned snapshot, unsigned disk) {
    return uuid(1000 * disk + snapshot);
}

RemoteSnapshot there(unsigned snapshot, unsigned disk) {
    return {name, uuid(snapshot), copy(snapshot, disk)};
}

SentSnapshot sent(unsigned snapshot, unsigned disk) {
    return {name.text(), uuid(snapshot), 7, copy(snapshot, disk)};
}

DiskMemory memory_of(unsigned disk, unsigned snapshot) {
    DiskMemory memory;
    memory.disk = uuid(900 + disk);
    memory.sent = {sent(snapshot, disk)};
    memory.last = LastArrived{name.text(), uuid(snapshot), copy(snapshot, disk)};
    memory.pins = {uuid(snapshot)};
    return memory;
}

}  // namespace

TEST_CASE("two disks in turn each find what they had") {
    auto present = memory_of(1, 11);
    std::vector<DiskMemory> absent;
    CHECK_FALSE(change_disks(present, absent, uuid(901), {}).is_another);
    auto change = change_disks(present, absent, uuid(902), {});
    CHECK(change.is_another);
    CHECK_FALSE(change.is_known);
    CHECK(present.is_empty());
    present = memory_of(2, 22);
    absent.front().away = {30, 100};
    change = change_disks(present, absent, uuid(901), {});
    CHECK(change.is_known);
    CHECK(present.last->uuid == uuid(11));
    CHECK(present.pins == std::set{uuid(11)});
    CHECK(present.away == Disuse{});
    REQUIRE(absent.size() == 1);
    CHECK(absent.front().disk == uuid(902));
}

TEST_CASE("what was remembered without a disk goes to the one that it is of") {
    auto present = memory_of(1, 11);
    present.disk.reset();
    std::vector<DiskMemory> absent;
    SECTION("the disk that it is of") {
        CHECK_FALSE(change_disks(present, absent, uuid(901), {there(11, 1)}).is_another);
        CHECK(present.disk == uuid(901));
        CHECK(present.sent == std::vector{sent(11, 1)});
        CHECK(absent.empty());
    }
    SECTION("another disk first") {
        CHECK(change_disks(present, absent, uuid(902), {there(11, 2)}).is_another);
        CHECK(present.is_empty());
        present = memory_of(2, 22);
        CHECK(change_disks(present, absent, uuid(901), {there(11, 1)}).is_known);
        CHECK(present.disk == uuid(901));
        CHECK(present.last->uuid == uuid(11));
    }
    SECTION("where no copy was ever told, the first disk") {
        present.sent.front().copy.reset();
        present.last->copy.reset();
        CHECK_FALSE(change_disks(present, absent, uuid(901), {}).is_another);
        CHECK(present.sent.size() == 1);
    }
}

TEST_CASE("a disk whose uuid was changed is known by its copies, and takes nothing from others") {
    auto present = memory_of(1, 11);
    present.sent.push_back(sent(22, 2));  // two disks, once remembered as one
    std::vector<DiskMemory> absent;
    const auto change = change_disks(present, absent, uuid(902), {there(22, 2)});
    CHECK(change.is_known);
    CHECK(present.sent == std::vector{sent(22, 2)});
    CHECK_FALSE(present.last);
    REQUIRE(absent.size() == 1);
    CHECK(absent.front().disk == uuid(901));
    CHECK(absent.front().last->uuid == uuid(11));
}

TEST_CASE("a receiver that makes up disks costs the one that was away for longest") {
    auto present = memory_of(1, 11);
    std::vector<DiskMemory> absent;
    std::vector<DiskMemory> let_go;
    constexpr unsigned many = 100;
    for (unsigned number = 2; number < many; ++number) {
        auto change = change_disks(present, absent, uuid(900 + number), {});
        std::move(change.let_go.begin(), change.let_go.end(), std::back_inserter(let_go));
        present = memory_of(number, number);
        CHECK(absent.size() <= most_absent_disks);
    }
    REQUIRE(let_go.size() == many - 2 - most_absent_disks);
    CHECK(let_go.front().disk == uuid(901));
}

TEST_CASE("disks that a receiver makes up and sends nothing whole to cost none that has backups") {
    auto present = memory_of(1, 11);
    std::vector<DiskMemory> absent;
    for (unsigned number = 2; number < 100; ++number) {
        (void)change_disks(present, absent, uuid(900 + number), {});
        auto begun = sent(number, number);
        begun.unfinished = true;
        present.sent = {begun};
    }
    CHECK(absent.size() == most_absent_disks);
    CHECK(change_disks(present, absent, uuid(901), {}).is_known);
    CHECK(present.last->uuid == uuid(11));
}

TEST_CASE("a disk on which a run came to nothing takes no memory from the one that is known") {
    auto present = memory_of(1, 11);
    present.disk.reset();
    std::vector<DiskMemory> absent;
    CHECK(change_disks(present, absent, uuid(902), {}).is_another);
    CHECK(change_disks(present, absent, uuid(901), {there(11, 1)}).is_known);
    CHECK(present.disk == uuid(901));
    CHECK(present.last->uuid == uuid(11));
    CHECK(absent.empty());
}

TEST_CASE("a disk is forgotten by days on which others were in, each counted once") {
    std::vector<DiskMemory> absent{memory_of(1, 11), memory_of(2, 22)};
    absent.back().away = {most_days_away - 1, 5};
    CHECK(count_day_away(absent, 5).empty());
    const auto gone = count_day_away(absent, 6);
    REQUIRE(gone.size() == 1);
    CHECK(gone.front().disk == uuid(902));
    REQUIRE(absent.size() == 1);
    CHECK(absent.front().away == Disuse{2, 6});
}

TEST_CASE("a copy of what only another disk has got is foreign on this one") {
    const auto present = memory_of(1, 11);
    const std::vector<DiskMemory> absent{memory_of(2, 22), memory_of(3, 11)};
    const auto records = records_of_all(present, absent);
    CHECK(records == std::vector{sent(22, 2), sent(11, 1)});
    CHECK(last_arrived(records)->uuid == uuid(11));
    const auto trust = [&](const RemoteSnapshot& one) {
        return copy_at_receiver(one.uuid, records, std::vector{one}).trust;
    };
    CHECK(trust(there(11, 1)) == CopyTrust::told);
    CHECK(trust(there(22, 1)) == CopyTrust::foreign);
    CHECK(trust(there(33, 1)) == CopyTrust::first_contact);
}
