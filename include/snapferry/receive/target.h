#pragma once

#include <array>
#include <filesystem>

#include "snapferry/core/tag.h"
#include "snapferry/receive/config.h"

namespace snapferry::receive {

/// Where the things of one tag lie on the backup disk.
struct Target {
    std::filesystem::path snapshots;  ///< target_dir/TAG: the complete snapshots
    /// The two rooms in which streams are received: target_dir/.snapferry/TAG and TAG.2. Where one
    /// holds what an interrupted stream has left, another stream begins in the other.
    std::array<std::filesystem::path, 2> rooms;
    std::filesystem::path lock;        ///< target_dir/.snapferry/TAG.lock
    std::filesystem::path checkpoint;  ///< target_dir/.snapferry/TAG.checkpoint
};

/// Throws Failure where the backup disk is not mounted (directory_missing), or target_dir is not on
/// it. Looks, and changes nothing.
void require_backup_disk(const Config& config);

/// Where they would lie. Looks at nothing.
Target target_of(const Config& config, const Tag& tag);

/// Finds the target. Throws Failure (directory_missing) where the backup disk is not mounted:
/// nothing is ever written beneath its mount point. Makes no more than the directory of the locks.
Target open_target(const Config& config, const Tag& tag);

/// Makes target_dir/TAG where it is missing.
void make_snapshot_directory(const Target& target);

}  // namespace snapferry::receive
