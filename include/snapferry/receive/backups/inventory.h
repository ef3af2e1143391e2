#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {

/// Something under the tag that is no complete backup: never a parent, never counted, never
/// deleted.
struct Foreign {
    std::string name;  ///< escaped
    std::string why;
    bool alarming = false;  ///< it was a backup, and no longer is what was received
};

struct Inventory {
    std::vector<Backup> backups;  ///< complete snapshots, newest arrival first
    std::vector<Foreign> foreign;

    [[nodiscard]] bool has(const Uuid& received_uuid) const;

    /// The backup that a stream builds on: with this received uuid, and exactly this copy where the
    /// sender has named one. Where it has not, the oldest: any later one may be forged, by whoever
    /// has the key and has read the uuid in the list.
    [[nodiscard]] std::optional<Backup> find_parent(const Uuid& received_uuid,
                                                    const std::optional<Uuid>& copy) const;
};

/// A promoted backup is a snapshot, born read-only after its received uuid was set: any later
/// change of its content shows, once it is in a transaction. (What the classic receiver made was
/// written in place, and cannot tell.)
bool was_changed_after_promotion(const btrfs::SubvolumeInfo& info);

/// Looks through target_dir/TAG. A backup is a read-only subvolume with a received uuid, whoever
/// received it. One that was promoted here and then changed does not count unless
/// `trust_changed`: its received uuid is no longer true.
Inventory take_inventory(const std::filesystem::path& snapshots, bool trust_changed);

}  // namespace snapferry::receive
