#pragma once

#include <filesystem>

namespace snapferry::btrfs {

/// True where anything in the subvolume was changed after it was received (it, or what it is a
/// snapshot of): files, directories or their attributes. False where it was not received at all.
///
/// The transaction of the last change does not tell: what `btrfs receive` wrote reaches the disk,
/// and so a transaction, after the received uuid was set. So the inodes written since are looked
/// at, and what counts is whether one was changed (its ctime) or made later than that. (Where the
/// clock was ahead when it was received, a change of a file that was there already may pass.)
///
/// Throws Failure (sending).
bool changed_since_received(const std::filesystem::path& subvolume);

}  // namespace snapferry::btrfs
