#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/manifest/entry.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// What a walk comes by: the entry, but for what has to be read (contents, attributes) or compared
/// with others (groups).
struct Found {
    manifest::Entry entry;
    std::uint64_t inode = 0;
    std::uint64_t links = 1;
    std::timespec changed{};  ///< the inode itself, or its contents
};

/// Goes through a tree in the order of a manifest, and never out of it: every directory is opened
/// beneath the top, no symlink is followed and no mount is crossed. Directories in which a
/// subvolume of its own was when a snapshot was taken are none of the snapshot's, and are passed
/// over. Two directories are open at most, however deep it goes; of one directory all names are in
/// memory. Every failure is Failure (`code`) that names the path.
class Walk {
  public:
    Walk(const std::filesystem::path& top, ExitCode code);

    /// The next one, the top itself first; nothing at the end.
    std::optional<Found> next();

    /// For openat(2) and the like: the directory in which the last one lies, and its name there.
    [[nodiscard]] int directory() const { return directory_.get(); }
    [[nodiscard]] const std::string& name() const { return name_; }

    /// For messages: the whole path of an entry, escaped.
    [[nodiscard]] std::string shown(const std::string& path) const;

  private:
    struct Level {
        std::string path;
        std::vector<std::string> names;
        std::size_t next = 0;
    };

    void enter(const std::string& path);
    [[nodiscard]] UniqueFd open_directory(const std::string& path) const;
    [[nodiscard]] Found look_at(const std::string& path) const;

    std::filesystem::path top_path_;
    ExitCode code_;
    UniqueFd top_;
    bool is_btrfs_ = false;
    std::vector<Level> levels_;
    UniqueFd directory_;  ///< of the last level
    std::string name_;
    std::optional<std::string> to_enter_;  ///< the last one, where it is a directory
    bool begun_ = false;
};

}  // namespace snapferry::sys
