#include "snapferry/receive/backups/derived.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/derivation.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/receive/backups/locks.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/backups/prune.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::receive {
namespace {

/// A person may prune it at this moment; the next run tries again.
constexpr std::chrono::seconds lock_patience{5};

/// One rule at work.
class Deriving {
  public:
    Deriving(const Origin& origin, const Derivation& rule, const Config& config,
             btrfs::Durability& disk, Log& log)
        : origin_(origin),
          rule_(rule),
          config_(config),
          disk_(disk),
          log_(log),
          target_(open_target(config, rule.tag, log)),
          lock_(sys::FileLock::acquire(target_.lock, lock_patience)),
          ages_(target_, log) {}

    void run() {
        if (!lock_) {
            log_.info("{} is in use: what is to be derived is derived by the next run",
                      rule_.tag.text());
            return;
        }
        look_through({});
        const auto wanted = plan_derivation(origin_.inventory.backups, inventory_.backups,
                                            rule_.every, rule_.policy, ages_.now());
        Arrivals made;
        for (const auto& backup : wanted) {
            make(backup, made);
        }
        if (!made.empty()) {
            disk_.require();
            look_through(made);
        }
        const bool is_held = read_alarm(origin_.target.alarm).active.has_value();
        if (!inventory_.backups.empty() && !is_held) {
            (void)prune({rule_.tag, target_, inventory_, rule_.policy, ages_.now()}, disk_, log_);
        }
    }

  private:
    void look_through(const Arrivals& made) {
        inventory_ = take_inventory(target_.snapshots, config_.trust_changed_snapshots);
        ages_.settle(inventory_, made);
        mark_locked(inventory_, target_.locks);
    }

    void make(const Backup& backup, Arrivals& made) {
        const auto place = target_.snapshots / backup.name.text();
        if (sys::kind_of(place)) {
            log_.warning("{} is not derived: something in {} has its name already",
                         backup.name.text(), rule_.tag.text());
            return;
        }
        make_snapshot_directory(target_, log_);
        btrfs::create_snapshot(origin_.target.snapshots / backup.name.text(), place, true);
        const auto info = btrfs::subvolume_info(place);
        if (!info || info->parent_uuid != backup.copy ||
            (!config_.trust_changed_snapshots && was_changed_after_promotion(*info))) {
            btrfs::delete_subvolume(place);
            log_.warning("{} was changed or exchanged while it was looked at: it is not derived",
                         backup.name.text());
            return;
        }
        auto arrival = origin_.book.present.at(backup.copy);
        arrival.origin = ArrivalOrigin{backup.copy, backup.arrival};
        made.emplace(info->uuid, arrival);
        log_.info("derived {} into {}: the first of its {}", backup.name.text(), rule_.tag.text(),
                  name_of(rule_.every));
        share_manifest(manifest_of(origin_.target.manifests, backup.copy),
                       manifest_of(target_.manifests, info->uuid));
    }

    const Origin& origin_;
    const Derivation& rule_;
    const Config& config_;
    btrfs::Durability& disk_;
    Log& log_;
    Target target_;
    std::optional<sys::FileLock> lock_;
    Ages ages_;
    Inventory inventory_;
};

}  // namespace

std::vector<StandIn> find_stand_ins(const Config& config, const Tag& origin) {
    std::vector<StandIn> found;
    for (const auto& rule : config.derivations_of(origin)) {
        if (!sys::kind_of(target_of(config, rule.tag).snapshots)) {
            continue;
        }
        const auto view = look_at_tag(config, rule.tag);
        for (const auto& backup : view.inventory.backups) {
            const auto arrival = view.ages.book.present.find(backup.copy);
            if (arrival != view.ages.book.present.end() && arrival->second.origin) {
                found.push_back({backup, arrival->second.origin->copy, path_of(view, backup),
                                 arrival->second.files,
                                 manifest_of(view.target.manifests, backup.copy)});
            }
        }
    }
    return found;
}

std::optional<StandIn> find_stand_in(const std::vector<StandIn>& stand_ins,
                                     const Uuid& received_uuid, const std::optional<Uuid>& copy) {
    std::optional<StandIn> found;
    for (const auto& one : stand_ins) {
        if (one.backup.received_uuid == received_uuid &&
            one.stands_for == copy.value_or(one.stands_for) &&
            (!found || one.backup.arrival < found->backup.arrival)) {
            found = one;
        }
    }
    return found;
}

void derive(const Origin& origin, const Config& config, btrfs::Durability& disk, Log& log) {
    for (const auto& rule : config.derivations_of(origin.tag)) {
        try {
            Deriving(origin, rule, config, disk, log).run();
        } catch (const std::exception& error) {
            log.warning("{} could not be derived from {}: {}", rule.tag.text(), origin.tag.text(),
                        escape_text(error.what()));
        }
    }
}

}  // namespace snapferry::receive
