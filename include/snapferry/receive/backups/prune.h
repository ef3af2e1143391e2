#pragma once

#include <set>
#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// What is to be pruned, and by what. The inventory's ages and locks are filled in.
struct Pruning {
    const Tag& tag;
    const Target& target;
    const Inventory& inventory;
    const RetentionPolicy& policy;
    CountedTime now;
    std::set<Uuid> needed{};  ///< copies that a receive still builds on
    bool asked = false;       ///< a person has seen the plan and said yes
    std::string told{};       ///< what is in the way, as this run has told of it already
};

/// Why nothing of the tag is to be deleted now, with what to do; empty where nothing is in the way.
std::string why_nothing_is_pruned(const Pruning& pruning,
                                  const std::vector<RetentionDecision>& decisions);

/// Applies the tag's retention to the inventory and tells what was kept and pruned, and why. What
/// is deleted is durably so on return; its space comes back when btrfs' cleaner has run. Where a
/// plan is more likely a mistake than meant, nothing is deleted, and that is a warning. Throws
/// Failure (receiving) where `disk` does not vouch for what was written before: then nothing is
/// deleted.
wire::Result prune(const Pruning& pruning, btrfs::Durability& disk, Log& log);

}  // namespace snapferry::receive
