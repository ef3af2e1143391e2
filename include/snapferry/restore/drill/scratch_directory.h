#pragma once

#include <filesystem>

namespace snapferry::restore {

/// A directory of its own, for its owner alone, that goes with all in it when this object does.
class ScratchDirectory {
  public:
    /// In `place`. Throws Failure (directory_missing) where it cannot be made.
    explicit ScratchDirectory(const std::filesystem::path& place);
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace snapferry::restore
