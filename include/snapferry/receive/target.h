#pragma once

#include <filesystem>

#include "snapferry/core/tag.h"
#include "snapferry/receive/config.h"

namespace snapferry::receive {

/// Where the things of one tag lie on the backup disk.
struct Target {
    std::filesystem::path snapshots;   ///< target_dir/TAG: the complete snapshots
    std::filesystem::path staging;     ///< target_dir/.snapferry/TAG: the sealed room's content
    std::filesystem::path lock;        ///< target_dir/.snapferry/TAG.lock
    std::filesystem::path checkpoint;  ///< target_dir/.snapferry/TAG.checkpoint
};

/// Where they would lie. Looks at nothing.
Target target_of(const Config& config, const Tag& tag);

/// Finds the target. Throws Failure (directory_missing) where the backup disk is not mounted, or
/// not fit to be written to: nothing is ever written beneath its mount point. Makes no more than
/// the directory of the locks.
Target open_target(const Config& config, const Tag& tag);

/// Makes target_dir/TAG where it is missing.
void make_snapshot_directory(const Target& target);

}  // namespace snapferry::receive
