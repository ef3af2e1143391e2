#pragma once

#include <array>
#include <filesystem>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// Below target_dir: everything but the backups.
inline constexpr auto internal_directory = ".snapferry";

/// Behind a tag, the name of its second room; no tag has a dot.
inline constexpr auto second_room = ".2";

/// Where the things of one tag lie on the backup disk.
struct Target {
    std::filesystem::path snapshots;  ///< target_dir/TAG: the complete snapshots
    /// The two rooms in which streams are received: target_dir/.snapferry/TAG and TAG.2. Where one
    /// holds what an interrupted stream has left, another stream begins in the other.
    std::array<std::filesystem::path, 2> rooms;
    std::filesystem::path lock;        ///< target_dir/.snapferry/TAG.lock
    std::filesystem::path checkpoint;  ///< target_dir/.snapferry/TAG.checkpoint
    std::filesystem::path arrivals;    ///< target_dir/.snapferry/TAG.arrivals: see Ages
    std::filesystem::path locks;       ///< target_dir/.snapferry/TAG.locks: see locks.h
    std::filesystem::path alarm;       ///< target_dir/.snapferry/TAG.alarm: see alarm_note.h
    std::filesystem::path manifests;   ///< target_dir/.snapferry/TAG.manifests: see manifests.h
    std::filesystem::path verified;    ///< target_dir/.snapferry/TAG.verified: see proof_notes.h
    std::filesystem::path clock;       ///< target_dir/.snapferry/.clock: see Ages
    std::filesystem::path clock_lock;  ///< target_dir/.snapferry/.clock.lock
};

/// The record of time of the backup disk, for all of its tags.
std::filesystem::path clock_of(const Config& config);

/// Where they would lie. Looks at nothing.
Target target_of(const Config& config, const Tag& tag);

/// Finds the target. Throws Failure (directory_missing) where the backup disk is not mounted, or
/// not fit to be written to: nothing is ever written beneath its mount point. Makes no more than
/// the directory of the locks, and sees to it that what is there is root's alone (see
/// secure_target).
Target open_target(const Config& config, const Tag& tag, Log& log);

/// Makes target_dir/TAG where it is missing, for root alone.
void make_snapshot_directory(const Target& target, Log& log);

}  // namespace snapferry::receive
