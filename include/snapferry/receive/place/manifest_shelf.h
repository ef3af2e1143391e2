#pragma once

#include <optional>
#include <set>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/backups/derived.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// The manifests of a tag whose lock a run holds, and which of them a sender may add.
class ManifestShelf {
  public:
    /// What is referred to stays as long as this.
    ManifestShelf(const Target& target, const Config& config, const Inventory& inventory,
                  const std::vector<StandIn>& derived, btrfs::Durability& disk, Log& log);

    /// Whether a backup has one; nothing where none would be taken for it: for what is no backup of
    /// this tag, or where the shelf cannot be looked at.
    [[nodiscard]] std::optional<bool> has(const Uuid& copy) const;

    /// The backup that this one is of. Throws Failure where it is not taken: refused_stream where
    /// it is of no backup of this tag, or larger than any may be; receiving where that has one
    /// already; no_space.
    [[nodiscard]] const Backup& require_wanted(const wire::ManifestOffer& offered) const;

    /// Where the parts of one are put until it is whole.
    [[nodiscard]] ArrivingManifest begin(const Backup& backup) const;

    /// It is one: from now on it is the backup's, and that of what was derived from it. Durable on
    /// return.
    void keep(ArrivingManifest& manifest, const Backup& backup);

    /// What was derived gets the manifests of its origins, where an earlier run did not come to it.
    void share_with_derived();

  private:
    const Target& target_;
    const Config& config_;
    const Inventory& inventory_;
    const std::vector<StandIn>& derived_;
    btrfs::Durability& disk_;
    Log& log_;
    std::optional<std::set<Uuid>> present_;  ///< the copies that have one
};

}  // namespace snapferry::receive
