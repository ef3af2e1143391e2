#pragma once

#include <filesystem>
#include <set>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/report/log.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// Applies the tag's retention to the inventory and tells what was kept and pruned, and why. What
/// is deleted is durably so on return; its space comes back when btrfs' cleaner has run. Throws
/// Failure (receiving) where `disk` does not vouch for what was written before: then nothing is
/// deleted.
wire::Result prune(const std::filesystem::path& snapshots, const Inventory& inventory,
                   const RetentionPolicy& policy, CountedTime now, const std::set<Uuid>& needed,
                   btrfs::Durability& disk, Log& log);

}  // namespace snapferry::receive
