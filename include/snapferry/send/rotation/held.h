#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/rotation/rotation_plan.h"

namespace snapferry::send {

/// What the jobs that send from a directory still need there, as far as they and a classic script
/// have noted it: the last that each receiver has, and what was begun and has not arrived. Throws
/// Failure (configuration) where a note cannot be read: then nobody knows what is needed.
std::vector<HeldSnapshot> held_snapshots(const std::filesystem::path& snapshot_dir,
                                         const std::string& tag);

}  // namespace snapferry::send
