#pragma once

#include <filesystem>
#include <vector>

#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/report/log.h"

namespace snapferry::send {

/// The read-only snapshots that lie in a directory. Whatever else is there is passed over, and what
/// cannot be looked at with a warning. Throws Failure (directory_missing) where there is no such
/// directory on btrfs.
std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory, Log& log);

/// The same for who has nobody to tell.
std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory);

/// Finds out which of them were changed since they were received.
void look_for_changes(std::vector<LocalSnapshot>& snapshots);

}  // namespace snapferry::send
