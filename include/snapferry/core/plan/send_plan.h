#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "snapferry/core/plan/attempts.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/local_snapshot.h"

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

/// It has failed in every way there is.
struct CannotSend {
    LocalSnapshot snapshot;
    FailedPart failure;  ///< the last one
};
using SendPlan = std::variant<UpToDate, FullSend, IncrementalSend, CannotSend>;

/// The newest of the snapshots (not the pins) that carry the tag, in the byte order of their names,
/// as the classic script took it; nothing where none carries it.
std::optional<LocalSnapshot> newest_with_tag(std::span<const LocalSnapshot> snapshots,
                                             std::string_view source_tag);

/// What is known when it is to be decided what to send. All is of one job and one receiver.
struct SendSituation {
    std::span<const LocalSnapshot> local;  ///< snapshots and pins, identified
    std::span<const RemoteSnapshot> remote;
    std::span<const SentSnapshot> sent;
    const Attempts& attempts;
    bool force = false;  ///< send it, whatever the receiver has and whatever has failed
};

/// What to send, and from which parent: of the snapshots and pins of which the receiver has the
/// copy that was sent, the newest of the same origin taken before it, else the newest at all. Where
/// a snapshot is pinned, the plan names the pin. A forced send builds on nothing.
SendPlan plan_send(const LocalSnapshot& snapshot, const SendSituation& situation);

/// The snapshot or pin that goes by this uuid, the pin first: it cannot vanish while it is sent.
std::optional<LocalSnapshot> find_snapshot(std::span<const LocalSnapshot> local, const Uuid& uuid);

/// What to send to a receiver that cannot say what it has: `last_sent` is the name in the last-sent
/// file, empty where there is none. A name can be used again: where it is remembered what was sent
/// under it, only that counts.
SendPlan plan_send_unasked(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                           std::span<const SentSnapshot> sent, const std::string& last_sent,
                           bool force);

}  // namespace snapferry
