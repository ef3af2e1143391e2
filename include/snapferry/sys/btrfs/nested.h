#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/names/uuid.h"

namespace snapferry::btrfs {

/// The subvolumes that lie in the subvolume with this uuid: a snapshot of it holds an empty
/// directory in the place of each. Not among them: snapshots of it, and what `snapshot_dir`, which
/// may lie in it too, lies in or holds; neither is what lies in another of them. Relative paths, in
/// order, and none where there is no such subvolume. Looks at no file, and at so many subvolumes at
/// most that it takes no time. Throws Failure (sending).
std::vector<std::string> nested_subvolumes(const Uuid& source,
                                           const std::filesystem::path& snapshot_dir);

}  // namespace snapferry::btrfs
