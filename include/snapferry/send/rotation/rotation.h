#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/report/log.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/rotation/rotation_plan.h"

namespace snapferry::send {

/// Snapshots of a subvolume that are made and rotated: [snapshots.NAME] of send.toml, or what the
/// command line says.
struct Rotation {
    std::string name;  ///< a label
    std::filesystem::path subvolume;
    std::filesystem::path snapshot_dir;
    std::string tag;
    KeepWords keep;
    std::string calendar{};  ///< when the daemon does it; empty: never

    friend bool operator==(const Rotation& one, const Rotation& other) {
        return one.name == other.name && one.subvolume == other.subvolume &&
               one.snapshot_dir == other.snapshot_dir && one.tag == other.tag &&
               one.keep.newest == other.keep.newest && one.keep.periods == other.keep.periods &&
               one.calendar == other.calendar;
    }
};

enum class ManyDeletions { refused, wanted };

/// Makes a snapshot, and when it is on the disk deletes those that are not kept any more. Says in
/// the log what it does and why. What a receiver has as its last, what is being sent and what an
/// interrupted send goes on with are not deleted. Throws Failure: directory_missing, sending,
/// no_space; busy where another run is at work on the same; configuration where it deletes nothing,
/// because that would be more than is likely to be meant. In each case the new one, once it was
/// made, stays.
void rotate(const Rotation& rotation, ManyDeletions many, Log& log);

/// Says in the log what rotate() would do.
void say_what_rotate_would_do(const Rotation& rotation, Log& log);

}  // namespace snapferry::send
