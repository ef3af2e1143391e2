#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "snapferry/core/guard/guard.h"
#include "snapferry/receive/backups/derived.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/staging.h"

namespace snapferry::receive {

/// A backup that a stream builds on, and where it lies.
struct Parent {
    Backup backup;
    Uuid told_as;  ///< its copy as the sender knows it
    std::filesystem::path place;
};

/// What a stream can build on: the tag's own backups, and else what was derived from them.
struct Parents {
    const std::filesystem::path& snapshots;  ///< the tag's
    const Inventory& inventory;
    const std::vector<StandIn>& derived;
};

/// The stream's parent, which is exactly `copy` where the sender has named one; nothing for a full
/// stream. Throws Failure (no_parent) where it is not here.
std::optional<Parent> parent_of(const stream::StreamIdentity& identity,
                                const std::optional<Uuid>& copy, const Parents& parents);

/// Makes the alias of a parent in a room; returns its received uuid. Throws Failure (receiving)
/// where it is no longer what the inventory found, or, unless `trust_changed`, was changed after it
/// arrived.
Uuid bring_in(const Parent& parent, const Staging& room, bool trust_changed);

}  // namespace snapferry::receive
