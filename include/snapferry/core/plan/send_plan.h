#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/resume/attempts.h"

namespace snapferry {

struct UpToDate {
    LocalSnapshot snapshot;
    std::string reason;
};
struct FullSend {
    LocalSnapshot snapshot;
    std::string reason;
};
struct IncrementalSend {
    LocalSnapshot snapshot;
    LocalSnapshot parent;
    std::string reason;
    std::optional<Uuid> parent_copy{};  ///< the receiver's copy to build on, where it has told
};

/// The receiver has a newer one from here, which is gone here: as if new, the older one would push
/// a newer backup out.
struct OlderThanThere {
    LocalSnapshot snapshot;
    LocalSnapshot newer;  ///< what is known of it
};

/// It has failed in every way there is.
struct CannotSend {
    LocalSnapshot snapshot;
    FailedPart failure;  ///< the last one
};
using SendPlan = std::variant<UpToDate, FullSend, IncrementalSend, OlderThanThere, CannotSend>;

/// What is known when it is to be decided what to send. All is of one job and one receiver.
struct SendSituation {
    std::span<const LocalSnapshot> local;  ///< snapshots and pins, identified
    std::span<const RemoteSnapshot> remote;
    std::span<const SentSnapshot> sent;
    const Attempts& attempts;
    bool force = false;  ///< send it, whatever the receiver has and whatever has failed
    std::vector<LocalSnapshot> known_there{};  ///< what the receiver has of what was sent from here
    std::chrono::sys_seconds now{};
};

/// What to send, and from which parent: of the snapshots and pins of which the receiver has the
/// copy that was sent, the newest of the same origin taken before it, else the newest at all. Where
/// a snapshot is pinned, the plan names the pin. A forced send builds on nothing. Nothing goes
/// unforced that is older than what is known to be there.
SendPlan plan_send(const LocalSnapshot& snapshot, const SendSituation& situation);

/// What the plan is about.
const LocalSnapshot& snapshot_in(const SendPlan& plan);

/// The plan is one to send the snapshot, in whichever way.
bool sends_something(const SendPlan& plan);

/// The snapshot or pin that goes by this uuid, the pin first: it cannot vanish while it is sent.
std::optional<LocalSnapshot> find_snapshot(std::span<const LocalSnapshot> local, const Uuid& uuid);

/// What to send to a receiver that cannot say what it has: `last_sent` is the name in the last-sent
/// file, empty where there is none. A name can be used again: where it is remembered what was sent
/// under it, only that counts. `newer_there`: see newer_there().
SendPlan plan_send_unasked(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                           std::span<const SentSnapshot> sent, const std::string& last_sent,
                           bool force, const std::optional<LocalSnapshot>& newer_there = {});

}  // namespace snapferry
