#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/sys/btrfs/durability.h"

/// A new copy takes the name of the one that has it. At every moment exactly one complete copy has
/// the name, the other is a backup too or on its way to be one, and what is on its way says in its
/// own name whither (arriving_name): so the next run needs nothing else to finish it.
namespace snapferry::receive {

/// The first of the numbered names that nothing has yet (replaced_name, incomplete_name).
std::filesystem::path free_place(const std::filesystem::path& snapshots, const SnapshotName& name,
                                 SnapshotName (*numbered)(const SnapshotName&, unsigned));

/// Makes a read-only snapshot of `source` under the name, and a replaced copy of what has it. Where
/// this throws, either nothing has changed or finish_replacements() does the rest.
void replace_copy(const std::filesystem::path& source, const std::filesystem::path& snapshots,
                  const SnapshotName& name, btrfs::Durability& disk, Log& log);

/// For a run's beginning, under the tag's lock: finishes what an earlier run was killed in, and
/// gives what an earlier version set aside under too long a name one that is listed and pruned.
/// Deletes nothing.
void finish_replacements(const std::filesystem::path& snapshots, Log& log);

}  // namespace snapferry::receive
