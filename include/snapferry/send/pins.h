#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "snapferry/core/log.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/tag.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::send {

/// Read-only copies of the snapshots that a receiver builds on, which snapshot rotation does not
/// know: SNAPSHOT_DIR/.snapferry/DEST_TAG/NAME. A pin has the uuid of its snapshot for send's
/// purposes (as its received uuid), so that either serves as parent, here and for the classic
/// script.
class Pins {
  public:
    Pins(const std::filesystem::path& snapshot_dir, const Tag& dest_tag);

    /// The pins there are; one that was left unfinished by a kill is not among them.
    [[nodiscard]] std::vector<LocalSnapshot> list() const;

    /// The pin of a snapshot, made where there is none yet.
    LocalSnapshot pin(const LocalSnapshot& snapshot);

    /// Deletes every pin (and every remnant of one) but that of the snapshot which the receiver now
    /// has. Keeps them all, with a warning, where the disk does not vouch for the newest.
    void keep_only(const Uuid& uuid, Log& log);

  private:
    [[nodiscard]] std::optional<LocalSnapshot> pin_of(const LocalSnapshot& snapshot) const;

    [[nodiscard]] bool newest_is_durable(Log& log);

    std::filesystem::path directory_;
    std::optional<btrfs::Durability> disk_;  ///< since before a pin was made
};

}  // namespace snapferry::send
