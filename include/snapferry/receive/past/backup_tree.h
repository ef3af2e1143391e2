#pragma once

#include <string>
#include <vector>

#include "snapferry/core/past/versions.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/sys/files/unique_fd.h"

/// Looks into the backups of a tag. What is in them came from elsewhere: nothing leads out of a
/// backup, and no symlink in it is followed.
namespace snapferry::receive {

/// Those that a command is about, the oldest first. Throws Failure (configuration) where the tag
/// has none.
std::vector<Backup> backups_oldest_first(const TagView& view);

/// The top of a backup. Throws Failure (receiving) where it cannot be opened.
sys::UniqueFd open_backup(const TagView& view, const Backup& backup);

/// Something in an open backup: its inode, and what stat(2) tells.
struct Stat {
    std::uint64_t inode = 0;
    past::Seen seen;
};

/// What has this path (see past::path_within); nothing where nothing has, also where a symlink is
/// on the way. Throws Failure (receiving) where it cannot be looked at.
std::optional<Stat> stat_in(int backup, const std::string& path);

/// The path in each backup, the oldest first.
std::vector<past::Sighting> sightings_of(const TagView& view, const std::string& path);

}  // namespace snapferry::receive
