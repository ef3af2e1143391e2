#pragma once

#include <span>
#include <string>
#include <vector>

namespace snapferry::restore {

/// Which part of a backup is meant: paths from its top, and all that lies beneath them.
class Selection {
  public:
    /// The whole backup.
    Selection() = default;

    /// As a person writes them: "docs", "./docs/", "/docs". Throws Failure (configuration) where
    /// one leads out of the backup ("..") or can be no path on a disk. One that means the top means
    /// all.
    explicit Selection(std::span<const std::string> paths);

    [[nodiscard]] bool is_whole() const { return paths_.empty(); }
    [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

    /// True for what is meant, and for the directories on the way to it.
    [[nodiscard]] bool touches(const std::string& path) const;

    /// True for what is meant, and not for the directories on the way.
    [[nodiscard]] bool holds(const std::string& path) const;

  private:
    std::vector<std::string> paths_;
};

/// True where `path` lies in the directory, at any depth.
bool is_beneath(const std::string& path, const std::string& directory);

}  // namespace snapferry::restore
