#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/restore/files/backup_in_force.h"
#include "snapferry/restore/files/file_restore.h"

namespace snapferry::restore {

/// What a person wants back.
struct RestoreWish {
    std::string at;  ///< see backup_in_force()
    Selection selection;
    std::filesystem::path to;
    Overwrite overwrite = Overwrite::never;
    bool dry_run = false;
};

enum class ComparedWith {
    nothing,   ///< a dry run
    manifest,  ///< what the NAS had
    backup,    ///< what is on the backup disk: there is no manifest, or none that can be used
};

struct RestoreOutcome {
    std::string backup;  ///< its name
    std::chrono::sys_seconds taken;
    RestoreCounts counts;
    ComparedWith compared_with = ComparedWith::nothing;
    std::string no_manifest{};  ///< why the manifest that there is cannot be used
    std::uint64_t compared = 0;
    std::uint64_t differences = 0;
    std::uint64_t left_out = 0;  ///< what the filesystem of `to` could not hold
    std::string first_left_out{};

    /// All that was meant is there, and is as it should be.
    [[nodiscard]] bool is_complete() const {
        return counts.left == 0 && counts.failed == 0 && differences == 0;
    }
};

/// Restores files of a backup of this tag, on this machine's disk. The backup is not pruned
/// meanwhile. Throws Failure where that cannot begin (nothing is changed then) or not go on.
RestoreOutcome restore_here(const receive::Config& config, const receive::TagView& view,
                            const RestoreWish& wish, std::chrono::sys_seconds now,
                            RestoreListener& listener);

/// The last step of a restore: see FileRestore::compare().
void compare_restored(FileRestore& files, const manifest::Next& expected, const NextPath& came,
                      ComparedWith with, RestoreListener& listener, RestoreOutcome& outcome);

}  // namespace snapferry::restore
