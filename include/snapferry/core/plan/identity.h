#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/plan/local_snapshot.h"

/// Which snapshots at the two ends are the same. A uuid alone cannot tell: a snapshot can be made
/// writable, changed and made read-only again under its uuid, it can inherit the received uuid of
/// another, and whoever holds the sender's key can send anything under a uuid that it was told.
namespace snapferry {

/// A complete snapshot that the receiver holds under the tag.
struct RemoteSnapshot {
    SnapshotName name;
    Uuid uuid;  ///< its received uuid

    /// The receiver's own name for this copy, which no sender can choose: a receiver of an earlier
    /// version does not tell it.
    std::optional<Uuid> copy{};

    /// A manifest of it is there. Nothing where none would be taken, or the receiver is an older
    /// one.
    std::optional<bool> has_manifest{};

    friend bool operator==(const RemoteSnapshot&, const RemoteSnapshot&) = default;
};

/// What the sender remembers of a snapshot that arrived.
struct SentSnapshot {
    std::string name;
    Uuid uuid;                   ///< that it went by
    std::uint64_t transid = 0;   ///< of its last change at that time
    std::optional<Uuid> copy{};  ///< as the receiver called its copy
    bool unfinished = false;     ///< its sending was begun, and never came to its end
    friend bool operator==(const SentSnapshot&, const SentSnapshot&) = default;
};

/// What is remembered of a snapshot that goes by this uuid; nullptr where nothing is.
const SentSnapshot* find_sent(std::span<const SentSnapshot> sent, const Uuid& uuid);

/// The last one that has arrived; nullptr where none has.
const SentSnapshot* last_arrived(std::span<const SentSnapshot> sent);

/// Sets the uuid that each snapshot and pin goes by: the one the kernel announces where that is
/// right, else one of its own, made from its subvolume's uuid and the transaction of its last
/// change, so that it is the same in the next run. Returns a line for a person for each that goes
/// by one of its own.
std::vector<std::string> identify(std::vector<LocalSnapshot>& local,
                                  std::span<const SentSnapshot> sent,
                                  std::span<const RemoteSnapshot> remote);

/// How sure it is that the receiver's copy is what was sent.
enum class CopyTrust {
    absent,         ///< it has none
    told,           ///< it is the copy of which it told when that had arrived
    first_contact,  ///< nothing is remembered of sending it: it is taken by its uuid, this once
    untold,         ///< the receiver is of an earlier version: it is taken by its uuid
    foreign,        ///< another copy than the one that was told of: nothing is built on it
};

struct CopyAtReceiver {
    CopyTrust trust = CopyTrust::absent;
    std::optional<RemoteSnapshot> snapshot{};  ///< nothing where absent

    /// The receiver has it, as far as can be known.
    [[nodiscard]] bool is_good() const {
        return trust != CopyTrust::absent && trust != CopyTrust::foreign;
    }
};

/// `remote`: newest arrival first. Of several copies that could be meant the oldest is: what came
/// later under the same uuid is the suspicious one.
CopyAtReceiver copy_at_receiver(const Uuid& uuid, std::span<const SentSnapshot> sent,
                                std::span<const RemoteSnapshot> remote);

}  // namespace snapferry
