#include "snapferry/receive/backups/prune.h"

#include "snapferry/core/failure.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {
namespace {

/// One that cannot be deleted (somebody sends it, say) must not keep the others: it is told of, and
/// the next run tries again.
bool delete_backup(const std::filesystem::path& snapshots, const RetentionDecision& decision,
                   Log& log) {
    try {
        btrfs::delete_subvolume(snapshots / decision.backup.name.text());
        log.info("pruned {}: {}", decision.backup.name.text(), decision.reason);
        return true;
    } catch (const Failure& failure) {
        log.warning("cannot prune {}: {}", decision.backup.name.text(), failure.what());
        return false;
    }
}

}  // namespace

wire::Result prune(const std::filesystem::path& snapshots, const Inventory& inventory,
                   const RetentionPolicy& policy, CountedTime now, const std::set<Uuid>& needed,
                   btrfs::Durability& disk, Log& log) {
    disk.require();
    wire::Result result;
    for (const auto& decision : plan_retention(inventory.backups, policy, now, needed)) {
        const bool gone = !decision.keep && delete_backup(snapshots, decision, log);
        auto& list = gone ? result.pruned : result.kept;
        if (result.kept.size() + result.pruned.size() < wire::max_listed_snapshots) {
            list.push_back({decision.backup.name, decision.reason});
        }
    }
    if (!result.pruned.empty()) {
        disk.require();
    }
    result.free_bytes = btrfs::space_of(snapshots).free;
    return result;
}

}  // namespace snapferry::receive
