#include "snapferry/core/plan/send_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "snapferry/core/plan/newest.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

/// Greater is the better parent for `snapshot`.
auto merit_as_parent(const LocalSnapshot& parent, const LocalSnapshot& snapshot) {
    const bool same_origin = parent.pinned || parent.origin == snapshot.origin;
    return std::tuple{same_origin, parent.transid <= snapshot.transid, parent.transid,
                      parent.pinned};
}

struct Parent {
    LocalSnapshot snapshot;
    std::optional<Uuid> copy;
};

bool can_serve(const LocalSnapshot& candidate, const LocalSnapshot& snapshot,
               const Attempts& attempts) {
    return candidate.uuid != snapshot.uuid && !candidate.goes_by_pin_only() &&
           !attempts.is_spent(FailedPart::Kind::parent, candidate.uuid);
}

/// Better ones than `best` that both sides have, and that have failed twice.
std::size_t count_failed(const LocalSnapshot& snapshot, const LocalSnapshot& best,
                         const SendSituation& situation) {
    std::set<Uuid> failed;
    for (const auto& candidate : situation.local) {
        if (situation.attempts.is_spent(FailedPart::Kind::parent, candidate.uuid) &&
            copy_at_receiver(candidate.uuid, situation.sent, situation.remote).is_good() &&
            merit_as_parent(best, snapshot) < merit_as_parent(candidate, snapshot)) {
            failed.insert(candidate.uuid);
        }
    }
    return failed.size();
}

/// After two that have failed, whatever is wrong is in all of them: nothing then, and in full.
std::optional<Parent> best_parent(const LocalSnapshot& snapshot, const SendSituation& situation) {
    constexpr std::size_t most_failed_parents = 2;
    std::optional<Parent> best;
    for (const auto& candidate : situation.local) {
        if (!can_serve(candidate, snapshot, situation.attempts)) {
            continue;
        }
        const auto there = copy_at_receiver(candidate.uuid, situation.sent, situation.remote);
        if (there.is_good() && (!best || merit_as_parent(best->snapshot, snapshot) <
                                             merit_as_parent(candidate, snapshot))) {
            best = Parent{candidate, there.snapshot->copy};
        }
    }
    if (best && count_failed(snapshot, best->snapshot, situation) >= most_failed_parents) {
        return std::nullopt;
    }
    return best;
}

std::string reason_for_full(const SendSituation& situation) {
    if (situation.remote.empty()) {
        return "the receiver has no snapshot of this tag yet";
    }
    const auto parts = situation.attempts.parts();
    const bool parent_failed = std::any_of(parts.begin(), parts.end(), [](const FailedPart& part) {
        return part.kind == FailedPart::Kind::parent && part.times >= most_failures;
    });
    return parent_failed ? "no other parent is at both ends than such as have failed twice"
                         : "no snapshot here is also at the receiver";
}

std::optional<FailedPart> failure_of(const LocalSnapshot& snapshot, const Attempts& attempts) {
    for (auto& bad : attempts.bad_snapshots()) {
        if (bad.uuid == snapshot.uuid) {
            return std::move(bad);
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<LocalSnapshot> find_snapshot(std::span<const LocalSnapshot> local, const Uuid& uuid) {
    std::optional<LocalSnapshot> found;
    for (const auto& candidate : local) {
        if (candidate.uuid == uuid && (!found || candidate.pinned)) {
            found = candidate;
        }
    }
    return found;
}

const LocalSnapshot& snapshot_in(const SendPlan& plan) {
    return std::visit([](const auto& one) -> const LocalSnapshot& { return one.snapshot; }, plan);
}

bool sends_something(const SendPlan& plan) {
    return std::holds_alternative<FullSend>(plan) || std::holds_alternative<IncrementalSend>(plan);
}

SendPlan plan_send(const LocalSnapshot& snapshot, const SendSituation& situation) {
    if (situation.force) {
        return FullSend{snapshot, "sent as demanded, and a forced send builds on nothing"};
    }
    if (auto newer = newer_there(snapshot, situation.known_there, situation.now)) {
        return OlderThanThere{snapshot, std::move(*newer)};
    }
    const auto there = copy_at_receiver(snapshot.uuid, situation.sent, situation.remote);
    if (there.is_good()) {
        return UpToDate{snapshot, "the receiver has it already"};
    }
    if (auto failure = failure_of(snapshot, situation.attempts)) {
        return CannotSend{snapshot, std::move(*failure)};
    }
    if (auto parent = best_parent(snapshot, situation)) {
        return IncrementalSend{snapshot, std::move(parent->snapshot),
                               "the newest that both sides have", parent->copy};
    }
    return FullSend{snapshot, reason_for_full(situation)};
}

SendPlan plan_send_unasked(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                           std::span<const SentSnapshot> sent, const std::string& last_sent,
                           bool force, const std::optional<LocalSnapshot>& newer_there) {
    if (force) {
        return FullSend{snapshot, "sent as demanded, and a forced send builds on nothing"};
    }
    if (newer_there) {
        return OlderThanThere{snapshot, *newer_there};
    }
    if (last_sent.empty()) {
        return FullSend{snapshot, "nothing was sent before"};
    }
    const auto record = std::find_if(
        sent.rbegin(), sent.rend(), [&](const SentSnapshot& one) { return one.name == last_sent; });
    const auto was_sent = [&](const LocalSnapshot& one) {
        return record == sent.rend() ? one.name.text() == last_sent : one.uuid == record->uuid;
    };
    if (was_sent(snapshot)) {
        return UpToDate{snapshot, "it was the last one sent"};
    }
    for (const auto& candidate : local) {
        if (was_sent(candidate) && !find_snapshot(local, candidate.uuid)->goes_by_pin_only()) {
            return IncrementalSend{snapshot, find_snapshot(local, candidate.uuid).value(),
                                   "it was the last one sent"};
        }
    }
    return FullSend{snapshot,
                    fmt::format("the last one sent, {}, is gone here", escape_text(last_sent))};
}

}  // namespace snapferry
