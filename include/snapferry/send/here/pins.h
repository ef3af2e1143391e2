#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/report/log.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::send {

/// Read-only copies of the snapshots that a receiver builds on, which snapshot rotation does not
/// know: SNAPSHOT_DIR/.snapferry/DEST_TAG/UUID/NAME. The kernel's send calls a pin by that UUID
/// (its received uuid), which is the one that the snapshot goes by at the receiver. A name may be
/// used again; a pin stays what was sent. (An earlier version had them at .snapferry/DEST_TAG/NAME,
/// which are pins as well.)
class Pins {
  public:
    Pins(const std::filesystem::path& snapshot_dir, const Tag& dest_tag);

    /// The pins there are. One that was left unfinished by a kill, or was changed since, is not
    /// among them.
    [[nodiscard]] std::vector<LocalSnapshot> list() const;

    /// The pin of a snapshot under the uuid that it goes by, made where there is none yet.
    LocalSnapshot pin(const LocalSnapshot& snapshot);

    /// Deletes every pin (and every remnant of one) but those that go by one of these uuids. Keeps
    /// them all, with a warning, where the disk does not vouch for the newest.
    void keep_only(const std::set<Uuid>& uuids, Log& log);

  private:
    [[nodiscard]] std::optional<LocalSnapshot> pin_of(const LocalSnapshot& snapshot) const;
    [[nodiscard]] std::vector<std::filesystem::path> places() const;

    [[nodiscard]] bool newest_is_durable(Log& log);

    std::filesystem::path directory_;
    std::optional<btrfs::Durability> disk_;  ///< since before a pin was made
};

}  // namespace snapferry::send
