#pragma once

#include <filesystem>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/receive/stream/reception.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// Throws Failure (receiving) where something that is no subvolume has the name: only a person may
/// move that away.
void require_name_is_free(const std::filesystem::path& snapshots, const SnapshotName& name);

/// Makes a received snapshot a backup: its content is synced, a read-only snapshot of it appears
/// under its name in one step, and that is synced. When this returns, a power cut cannot take it.
/// A subvolume that has the name is renamed, never overwritten (set_aside.h). Returns the new
/// backup's copy. Throws Failure (receiving) where `disk` does not vouch for it.
Uuid promote(const Received& received, const std::filesystem::path& snapshots,
             btrfs::Durability& disk, Log& log);

}  // namespace snapferry::receive
