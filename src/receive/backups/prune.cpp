#include "snapferry/receive/backups/prune.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/receive/backups/locks.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {
namespace {

/// One that cannot be deleted (somebody sends it, say) must not keep the others: it is told of, and
/// the next run tries again. One may have been locked since the plan was made.
bool delete_backup(const Target& target, const RetentionDecision& decision, Log& log) {
    const auto& backup = decision.backup;
    try {
        if (is_locked(target.locks, backup.copy)) {
            log.info("{} was locked meanwhile, and stays", backup.name.text());
            return false;
        }
        btrfs::delete_subvolume(target.snapshots / backup.name.text());
        log.info("pruned {}: {}", backup.name.text(), decision.reason);
        return true;
    } catch (const Failure& failure) {
        log.warning("cannot prune {}: {}", backup.name.text(), failure.what());
        return false;
    }
}

}  // namespace

std::string why_nothing_is_pruned(const Pruning& pruning,
                                  const std::vector<RetentionDecision>& decisions) {
    if (const auto alarm = read_alarm(pruning.target.alarm); alarm.active) {
        return alarm_text(pruning.tag, *alarm.active);
    }
    const auto doubt = why_to_ask_first(decisions);
    if (doubt && !pruning.asked) {
        return fmt::format(
            "nothing of {} is pruned: by keep and min_age {}, which may be a mistake; to see it "
            "and do it, run there: sudo snapferry prune {}",
            pruning.tag.text(), *doubt, pruning.tag.text());
    }
    return {};
}

wire::Result prune(const Pruning& pruning, btrfs::Durability& disk, Log& log) {
    disk.require();
    wire::Result result;
    const auto decisions =
        plan_retention(pruning.inventory.backups, pruning.policy, pruning.now, pruning.needed);
    const auto held = why_nothing_is_pruned(pruning, decisions);
    if (!held.empty() && held != pruning.told) {
        log.warning("{}", held);
    }
    for (const auto& decision : decisions) {
        const bool gone =
            !decision.keep && held.empty() && delete_backup(pruning.target, decision, log);
        auto& list = gone ? result.pruned : result.kept;
        if (result.kept.size() + result.pruned.size() < wire::max_listed_snapshots) {
            list.push_back({decision.backup.name, decision.reason});
        }
    }
    if (!result.pruned.empty()) {
        disk.require();
    }
    tidy_manifests(pruning.target.manifests, pruning.target.snapshots, log);
    result.free_bytes = btrfs::space_of(pruning.target.snapshots).free;
    return result;
}

}  // namespace snapferry::receive
