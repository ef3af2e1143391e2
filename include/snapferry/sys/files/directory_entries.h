#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"

/// The one way to look at names in a directory that others may have filled: a symlink is never
/// followed, and one entry that cannot be looked at (a loop of symlinks, a broken inode, a dead
/// network mount) keeps nobody from the others.
namespace snapferry::sys {

enum class EntryKind {
    directory,
    file,
    symlink,
    other,    ///< a device, a FIFO, a socket
    unknown,  ///< it is there, and cannot be looked at
};

struct DirectoryEntry {
    std::string name;
    std::filesystem::path path;
    EntryKind kind = EntryKind::unknown;
};

/// What has this name; nothing where nothing has. Never throws for what the disk says: that is
/// EntryKind::unknown.
std::optional<EntryKind> kind_of(const std::filesystem::path& path);

/// What the directory holds, without "." and "..", in no order; nothing where there is no such
/// directory. Throws Failure (`code`) where it is something else, or cannot be read.
std::vector<DirectoryEntry> entries_of(const std::filesystem::path& directory, ExitCode code);

/// Deletes a file, or a directory with all in it; a symlink is deleted and not followed. Throws
/// Failure (`code`).
void delete_tree(const std::filesystem::path& path, ExitCode code);

}  // namespace snapferry::sys
