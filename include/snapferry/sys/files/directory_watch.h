#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// Tells when something appears in directories or goes from them (inotify). It may miss what
/// happens while a directory is not there, or too much at once: whoever relies on it looks for
/// itself from time to time.
class DirectoryWatch {
  public:
    /// Throws Failure (internal) where the kernel has no room for another one.
    DirectoryWatch();

    /// From now on just these, each of which may be missing. Called again for one that was missing
    /// it is looked for anew.
    void watch(const std::set<std::filesystem::path>& directories);

    /// The directories in which something has happened since the last call, without waiting; all
    /// of them where the kernel has lost count.
    std::set<std::filesystem::path> changed();

    /// For poll(): readable where changed() has something.
    [[nodiscard]] int descriptor() const { return inotify_.get(); }

  private:
    void add(const std::filesystem::path& directory);

    UniqueFd inotify_;
    std::set<std::filesystem::path> wanted_;
    std::map<int, std::filesystem::path> watched_;  ///< by inotify's number
};

}  // namespace snapferry::sys
