#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/plan/newest.h"

namespace snapferry::send {

/// The subvolumes that lie in a directory. Whatever else is there is passed over.
struct SnapshotListing {
    std::vector<LocalSnapshot> snapshots{};  ///< the read-only ones
    std::vector<UnfitSnapshot> unfit{};      ///< the others
};

/// Throws Failure (directory_missing) where there is no such directory on btrfs. What is deleted
/// meanwhile is not there; what cannot be looked at is unfit.
SnapshotListing look_into(const std::filesystem::path& directory);

/// The read-only snapshots alone; what cannot be looked at is passed over with a warning.
std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory, Log& log);

/// The same for who has nobody to tell.
std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory);

/// Which of them a job with this tag sends now: see choose_newest.
NewestChoice choose_newest_now(const SnapshotListing& listing, const std::string& source_tag);

/// The newest in a directory. Throws as look_into does.
std::optional<LocalSnapshot> newest_snapshot(const std::filesystem::path& directory,
                                             const std::string& source_tag);

/// Finds out which of them were changed since they were received.
void look_for_changes(std::vector<LocalSnapshot>& snapshots);

/// The time in a snapshot's name, by this machine's zone; `taken`: about when it was taken.
std::optional<std::chrono::sys_seconds> named_time(const std::string& name,
                                                   std::chrono::sys_seconds taken);

}  // namespace snapferry::send
