#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/local_snapshot.h"

/// Of which snapshots a manifest is to be made for the receiver.
namespace snapferry {

struct WantedManifest {
    LocalSnapshot snapshot;  ///< or the pin, which cannot vanish meanwhile
    Uuid copy;               ///< that the receiver has of it
    /// What the snapshot is known to share its inodes' numbers with: it, and what it, or what it is
    /// a pin of, was taken from.
    std::vector<Uuid> lineage{};
    std::optional<std::chrono::sys_seconds> taken{};  ///< nothing of a pin whose original is gone
};

enum class ManifestScope {
    newest,  ///< of those that the receiver has, and no older one in its stead
    all,     ///< for who sends every snapshot: what was not made in one run is made in the next
};

/// Newest first: those here of which the receiver has the very copy that it told of, and says that
/// it has no manifest. Any other copy may hold anything; who does not say takes none.
std::vector<WantedManifest> wanted_manifests(std::span<const LocalSnapshot> local,
                                             std::span<const SentSnapshot> sent,
                                             std::span<const RemoteSnapshot> remote,
                                             ManifestScope scope);

}  // namespace snapferry
