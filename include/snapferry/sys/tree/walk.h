#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/found.h"

namespace snapferry::sys {

/// Of which entries a walk is to tell; a directory that it is not told of is not looked into.
using Wanted = std::function<bool(const std::string& path)>;

/// Goes through a tree in the order of a manifest, and never out of it: every directory is opened
/// beneath the top, no symlink is followed and no mount is crossed. Directories in which a
/// subvolume of its own was when a snapshot was taken are none of the snapshot's, and are passed
/// over. Two directories are open at most, however deep it goes; of one directory all names are in
/// memory. Every failure is Failure (`code`) that names the path.
class Walk {
  public:
    Walk(const std::filesystem::path& top, ExitCode code, Wanted wanted = {});

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
    void go_to(const std::string& path);
    [[nodiscard]] UniqueFd open_directory(const std::string& path) const;
    [[nodiscard]] Found look_at(const std::string& path) const;

    std::filesystem::path top_path_;
    ExitCode code_;
    Wanted wanted_;
    UniqueFd top_;
    bool is_btrfs_ = false;
    std::vector<Level> levels_;
    UniqueFd directory_;  ///< of the last level
    std::string name_;
    std::optional<std::string> to_enter_;  ///< the last one, where it is a directory
    bool begun_ = false;
};

}  // namespace snapferry::sys
