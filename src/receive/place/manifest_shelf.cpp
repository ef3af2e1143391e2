#include "snapferry/receive/place/manifest_shelf.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/space/room.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {
namespace {

const Backup* find(const Inventory& inventory, const Uuid& copy) {
    const auto& backups = inventory.backups;
    const auto found = std::find_if(backups.begin(), backups.end(),
                                    [&](const Backup& one) { return one.copy == copy; });
    return found == backups.end() ? nullptr : &*found;
}

}  // namespace

ManifestShelf::ManifestShelf(const Target& target, const Config& config, const Inventory& inventory,
                             const std::vector<StandIn>& derived, btrfs::Durability& disk, Log& log)
    : target_(target),
      config_(config),
      inventory_(inventory),
      derived_(derived),
      disk_(disk),
      log_(log) {
    try {
        present_ = copies_with_manifest(target.manifests);
    } catch (const std::exception& error) {
        log.warning("which backups have a manifest cannot be looked at: {}",
                    escape_text(error.what()));
    }
}

std::optional<bool> ManifestShelf::has(const Uuid& copy) const {
    return present_ && find(inventory_, copy) != nullptr ? std::optional(present_->contains(copy))
                                                         : std::nullopt;
}

const Backup& ManifestShelf::require_wanted(const wire::ManifestOffer& offered) const {
    const auto* const backup = find(inventory_, offered.copy);
    if (backup == nullptr || backup->received_uuid != offered.uuid) {
        throw Failure(ExitCode::refused_stream,
                      fmt::format("manifest refused: no backup here is the copy {} of {}",
                                  offered.copy.text(), offered.uuid.text()));
    }
    if (offered.bytes > manifest::most_packed) {
        throw Failure(ExitCode::refused_stream,
                      "manifest refused: it is larger than any manifest may be");
    }
    if (!present_ || present_->contains(offered.copy)) {
        throw Failure(
            ExitCode::receiving,
            fmt::format("{} has a manifest already: none is ever replaced", backup->name.text()));
    }
    if (offered.bytes > room_of(config_.target_dir, config_.reserve)) {
        throw Failure(ExitCode::no_space,
                      fmt::format("a manifest of {} has no room: the backup disk has no more "
                                  "space above its reserve",
                                  byte_text(offered.bytes)),
                      "the backup is complete without; make room there");
    }
    return *backup;
}

ArrivingManifest ManifestShelf::begin(const Backup& backup) const {
    return {target_.manifests, backup.copy};
}

/// Where the disk has lost something by now, this may be it.
void ManifestShelf::keep(ArrivingManifest& manifest, const Backup& backup) {
    manifest.keep();
    try {
        disk_.require();
    } catch (const Failure&) {
        sys::delete_file(manifest_of(target_.manifests, backup.copy), ExitCode::receiving);
        throw;
    }
    share_with_derived();
}

void ManifestShelf::share_with_derived() {
    for (const auto& one : derived_) {
        try {
            share_manifest(manifest_of(target_.manifests, one.stands_for), one.manifest);
        } catch (const Failure& failure) {
            log_.warning("{} is without the manifest of what it was derived from: {}",
                         one.backup.name.text(), failure.what());
        }
    }
}

}  // namespace snapferry::receive
