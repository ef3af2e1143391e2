#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"

namespace snapferry {

/// A complete snapshot that the receiver holds under a tag.
struct Backup {
    SnapshotName name;
    Uuid received_uuid;
    /// The subvolume's id. btrfs gives them out in order and never again, so this is the order of
    /// arrival, whatever the clock or the sender's names say.
    std::uint64_t arrival = 0;
    /// When it arrived, by the receiver's own clock: for people, never for a decision.
    std::chrono::sys_seconds arrived;
    Uuid copy{};  ///< of this copy itself: the subvolume's uuid, which no sender can choose
    /// When it arrived, in time that was seen to pass; as long as nobody knows, it counts as new.
    CountedTime counted_arrival = CountedTime::max();
};

struct RetentionPolicy {
    std::size_t keep = 7;             ///< newest backups to keep; at least 1
    std::chrono::seconds min_age{0};  ///< nothing younger is pruned
};

struct RetentionDecision {
    Backup backup;
    bool keep = true;
    std::string reason;  ///< for the log, the dry run and JSON alike
};

/// Decides for every backup of a tag, newest first. A copy that was set aside for a newer one (see
/// set_aside.h) is a backup like any other: who can have it replaced cannot have it pruned sooner.
/// `needed` holds the copies that a receive still builds on. Ages are those of counted time: what
/// the wall clock says changes nothing.
std::vector<RetentionDecision> plan_retention(std::span<const Backup> backups,
                                              const RetentionPolicy& policy, CountedTime now,
                                              const std::set<Uuid>& needed = {});

}  // namespace snapferry
