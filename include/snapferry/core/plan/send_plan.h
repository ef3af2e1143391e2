#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "snapferry/core/snapshot_name.h"
#include "snapferry/core/uuid.h"

namespace snapferry {

/// A read-only snapshot at the sender.
struct LocalSnapshot {
    SnapshotName name;
    Uuid uuid;                  ///< the one that send announces: the received uuid where it has one
    Uuid origin;                ///< uuid of the subvolume it was taken from
    std::uint64_t transid = 0;  ///< the transaction of its last change, as send announces it
    bool pinned = false;  ///< it is a pin: a copy of a snapshot of the same uuid, which may be gone
    std::string path;     ///< where it lies
    std::chrono::sys_seconds taken{};  ///< when it was made, by this machine's clock
};

/// A complete snapshot that the receiver holds under the tag.
struct RemoteSnapshot {
    SnapshotName name;
    Uuid uuid;  ///< its received uuid: what a sender said of it
    /// Which copy it is: the subvolume's own uuid, drawn by the receiver's kernel, so that no
    /// sender can choose it. An older receiver does not say.
    std::optional<Uuid> copy{};

    friend bool operator==(const RemoteSnapshot&, const RemoteSnapshot&) = default;
};

bool is_at_receiver(const Uuid& uuid, std::span<const RemoteSnapshot> remote);

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
};
using SendPlan = std::variant<UpToDate, FullSend, IncrementalSend>;

/// The newest of the snapshots (not the pins) that carry the tag, in the byte order of their names,
/// as the classic script took it; nothing where none carries it.
std::optional<LocalSnapshot> newest_with_tag(std::span<const LocalSnapshot> snapshots,
                                             std::string_view source_tag);

/// What to send, and from which parent: of the snapshots and pins that the receiver has too, the
/// newest of the same origin taken before it, else the newest at all. `force` sends what the
/// receiver has already. Where a snapshot is pinned, the plan names the pin.
SendPlan plan_send(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                   std::span<const RemoteSnapshot> remote, bool force);

/// The snapshot or pin of this uuid, the pin first: it cannot vanish while it is sent.
std::optional<LocalSnapshot> find_snapshot(std::span<const LocalSnapshot> local, const Uuid& uuid);

/// What to send to a receiver that cannot say what it has: `last_sent` is the name in the
/// last-sent file, empty where there is none.
SendPlan plan_send_unasked(const LocalSnapshot& snapshot, std::span<const LocalSnapshot> local,
                           const std::string& last_sent, bool force);

}  // namespace snapferry
