#pragma once

#include <filesystem>
#include <vector>

#include "snapferry/core/setup/sender/series.h"

namespace snapferry::setup {

/// The snapshots of this machine that could be sent, wherever a btrfs filesystem is mounted. What
/// cannot be looked at is passed over.
std::vector<Series> snapshots_here();

/// Those of one directory, by whichever of the mounts that show it. Throws Failure
/// (directory_missing) where it cannot be read.
std::vector<Series> snapshots_in(const std::filesystem::path& directory);

}  // namespace snapferry::setup
