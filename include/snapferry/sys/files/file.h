#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/time/wall_time.h"

namespace snapferry::sys {

/// Whether there is such a file, and it can be read. Throws Failure: not_root where only root may
/// look at it, configuration where something else is in the way.
bool is_there(const std::filesystem::path& file);

/// When its content was last changed; nothing where nobody can tell.
std::optional<WallTime> last_written(const std::filesystem::path& file);

/// The content of a small file; nothing where it does not exist. Throws Failure (`code`: whose file
/// it is decides) where it cannot be read or is larger than `limit` bytes.
std::optional<std::string> read_small_file(const std::filesystem::path& file, std::size_t limit,
                                           ExitCode code = ExitCode::configuration);

/// The same of a file of the program's own in a place where others might put one: throws Failure
/// (configuration) also where it is a symlink, anything but a regular file, or another user's.
std::optional<std::string> read_own_file(const std::filesystem::path& file, std::size_t limit);

/// Throws Failure (configuration) unless the open file is a regular one of this program's user.
void require_own_file(int fd, const std::filesystem::path& file);

/// Throws Failure (configuration) where the file cannot be looked at, or does not belong to root,
/// or others may write it. A symlink is followed.
void require_root_only(const std::filesystem::path& file);

/// read_small_file() of the very file that is root's, whatever has its name a moment later.
std::optional<std::string> read_file_of_root(const std::filesystem::path& file, std::size_t limit);

/// Replaces the file as a whole, or leaves the old one: written beside it, synced, renamed, and the
/// directory synced. After return a power cut cannot take it. The mode is what it says, whatever
/// the umask. Throws Failure (`code`).
void replace_file(const std::filesystem::path& file, std::string_view content, unsigned mode = 0600,
                  ExitCode code = ExitCode::configuration);

/// Makes sure that a name in its directory, new or gone, outlives a power cut. Throws Failure
/// (`code`).
void sync_directory_of(const std::filesystem::path& file, ExitCode code);

/// Makes the directory, for its owner alone, where nothing has its name yet. Throws Failure
/// (`code`).
void make_private_directory(const std::filesystem::path& path,
                            ExitCode code = ExitCode::configuration);

/// Deletes the file, durably, and what a replace_file() of it left that was killed; a missing one
/// is no error. Throws Failure (`code`).
void delete_file(const std::filesystem::path& file, ExitCode code = ExitCode::configuration);

}  // namespace snapferry::sys
