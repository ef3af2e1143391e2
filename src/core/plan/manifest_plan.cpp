#include "snapferry/core/plan/manifest_plan.h"

#include <algorithm>
#include <set>

#include "snapferry/core/plan/newest.h"
#include "snapferry/core/plan/send_plan.h"

namespace snapferry {
namespace {

const LocalSnapshot* original_of(const LocalSnapshot& pin, std::span<const LocalSnapshot> local) {
    const auto found = std::find_if(local.begin(), local.end(), [&](const LocalSnapshot& one) {
        return !one.pinned && one.own == pin.origin;
    });
    return found == local.end() ? nullptr : &*found;
}

WantedManifest wanted(const LocalSnapshot& snapshot, const Uuid& copy,
                      std::span<const LocalSnapshot> local) {
    WantedManifest one{snapshot, copy, {snapshot.own, snapshot.origin}, snapshot.taken};
    if (snapshot.pinned) {
        const auto* const original = original_of(snapshot, local);
        one.taken = original == nullptr ? std::nullopt : std::optional(original->taken);
        if (original != nullptr) {
            one.lineage.push_back(original->origin);
        }
    }
    std::erase_if(one.lineage, [](const Uuid& uuid) { return uuid.is_null(); });
    return one;
}

}  // namespace

std::vector<WantedManifest> wanted_manifests(std::span<const LocalSnapshot> local,
                                             std::span<const SentSnapshot> sent,
                                             std::span<const RemoteSnapshot> remote,
                                             ManifestScope scope) {
    std::vector<LocalSnapshot> here(local.begin(), local.end());
    std::stable_sort(here.begin(), here.end(),
                     [](const auto& one, const auto& other) { return comes_before(other, one); });
    std::vector<WantedManifest> found;
    std::set<Uuid> seen;
    for (const auto& one : here) {
        const auto there = copy_at_receiver(one.uuid, sent, remote);
        if (there.trust != CopyTrust::told || !seen.insert(one.uuid).second) {
            continue;
        }
        if (there.snapshot->has_manifest == false) {
            found.push_back(wanted(find_snapshot(local, one.uuid).value(),
                                   there.snapshot->copy.value(), local));
        }
        if (scope == ManifestScope::newest) {
            break;
        }
    }
    return found;
}

}  // namespace snapferry
