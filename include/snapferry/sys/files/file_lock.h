#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// An exclusive lock on a file, held until destroyed, or until the last process that inherited the
/// descriptor is gone: it says "somebody is at work", also after a kill -9.
class FileLock {
  public:
    /// Makes the file (mode 0600) where it is missing. Nothing where another holds the lock for all
    /// of `patience`. Throws Failure (configuration) where the file cannot be opened.
    static std::optional<FileLock> acquire(const std::filesystem::path& file,
                                           std::chrono::milliseconds patience);

    /// Whether anybody holds it. Keeps nobody from taking it for longer than a moment. Throws
    /// Failure (configuration) where the file is there and cannot be looked at.
    static bool is_held(const std::filesystem::path& file);

    [[nodiscard]] int descriptor() const { return fd_.get(); }

  private:
    explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

}  // namespace snapferry::sys
