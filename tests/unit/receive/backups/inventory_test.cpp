#include "snapferry/receive/backups/inventory.h"

#include <array>

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;
using namespace snapferry::receive;

namespace {

Backup backup(unsigned char copy, unsigned char received_uuid) {
    return {SnapshotName::parse("a.replaced-" + std::to_string(copy)).value(),
            uuid(received_uuid),
            copy,
            {},
            uuid(copy)};
}

/// Three copies of 100, and one of 101; newest arrival first.
const Inventory inventory{{backup(9, 100), backup(7, 101), backup(5, 100), backup(3, 100)}, {}};

std::optional<Uuid> parent(unsigned char received_uuid, std::optional<Uuid> copy) {
    const auto found = inventory.find_parent(uuid(received_uuid), copy);
    return found ? std::optional(found->copy) : std::nullopt;
}

}  // namespace

TEST_CASE("a stream builds on the copy that the sender has named, and on no other") {
    for (const auto copy : std::to_array<unsigned char>({3, 5, 9}))
        CHECK(parent(100, uuid(copy)) == uuid(copy));
    CHECK(parent(101, uuid(7)) == uuid(7));
    CHECK_FALSE(parent(100, uuid(4)));
    CHECK_FALSE(parent(100, uuid(7)));  // it is here, but as another snapshot
    CHECK_FALSE(parent(102, uuid(3)));
}

TEST_CASE("where the sender names no copy, the oldest is built on: a later one may be forged") {
    CHECK(parent(100, {}) == uuid(3));
    CHECK(parent(101, {}) == uuid(7));
    CHECK_FALSE(parent(102, {}));
}

TEST_CASE("a snapshot is here if any copy of it is") {
    CHECK(inventory.has(uuid(100)));
    CHECK(inventory.has(uuid(101)));
    CHECK_FALSE(inventory.has(uuid(3)));
}
