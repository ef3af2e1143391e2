#include "snapferry/core/plan/send_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "snapferry/core/escape.h"

namespace snapferry {
namespace {

/// Greater is the better parent for `snapshot`.
auto merit_as_parent(const LocalSnapshot& parent, const LocalSnapshot& snapshot) {
    const bool same_origin = parent.pinned || parent.origin == snapshot.origin;
    return std::tuple{same_origin, parent.transid <= snapshot.transid, parent.transid,
                      parent.pinned};
}

std::string reason_for_full(std::span<const RemoteSnapshot> remote) {
    return remote.empty() ? "the receiver has no snapshot of this tag yet"
                          : "no snapshot here is also at the receiver";
}

}  // namespace

bool is_at_receiver(const Uuid& uuid, std::span<const RemoteSnapshot> remote) {
    return std::any_of(remote.begin(), remote.end(),
                       [&](const RemoteSnapshot& other) { return other.uuid == uuid; });
}

std::optional<LocalSnapshot> newest_with_tag(std::span<const LocalSnapshot> snapshots,
                                             std::string_view source_tag) {
    std::optional<LocalSnapshot> newest;
    for (const auto& snapshot : snapshots) {
        if (!snapshot.pinned && snapshot.name.has_tag(source_tag) &&
            (!newest || newest->name < snapshot.name)) {
            newest = snapshot;
        }
    }
    return newest;
}

std::optional<LocalSnapshot> find_snapshot(std::span<const LocalSnapshot> local, const Uuid& uuid) {
    std::optional<LocalSnapshot> found;
    for (const auto& candidate : local) {
        if (candidate.uuid == uuid && (!found || candidate.pinned)) {
            found = candidate;
        }
    }
    return found;
}

SendPlan plan_send(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                   std::span<const RemoteSnapshot> remote, bool force) {
    if (!force && is_at_receiver(snapshot.uuid, remote)) {
        return UpToDate{snapshot, "the receiver has it already"};
    }
    const LocalSnapshot* best = nullptr;
    for (const auto& candidate : local) {
        const bool usable =
            candidate.uuid != snapshot.uuid && is_at_receiver(candidate.uuid, remote);
        if (usable && (best == nullptr ||
                       merit_as_parent(*best, snapshot) < merit_as_parent(candidate, snapshot))) {
            best = &candidate;
        }
    }
    if (best == nullptr) {
        return FullSend{snapshot, reason_for_full(remote)};
    }
    return IncrementalSend{snapshot, *best, "the newest that both sides have"};
}

SendPlan plan_send_unasked(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                           const std::string& last_sent, bool force) {
    if (last_sent.empty()) {
        return FullSend{snapshot, "nothing was sent before"};
    }
    if (last_sent == snapshot.name.text()) {
        if (force) {
            return FullSend{snapshot, "sent again as demanded"};
        }
        return UpToDate{snapshot, "it was the last one sent"};
    }
    for (const auto& candidate : local) {
        if (candidate.name.text() == last_sent) {
            return IncrementalSend{snapshot, find_snapshot(local, candidate.uuid).value(),
                                   "it was the last one sent"};
        }
    }
    return FullSend{snapshot,
                    fmt::format("the last one sent, {}, is gone here", escape_text(last_sent))};
}

}  // namespace snapferry
