#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "snapferry/sys/files/file_lock.h"

namespace snapferry::receive {

/// Says that this receiver is at work, until it is destroyed or its process gone: a file that is
/// locked. Whoever makes, asks or destroys one has the turn (hooks.cpp), so that nobody is counted
/// while he comes or goes.
class AtWork {
  public:
    /// Makes the directory where it is missing. Throws Failure (configuration).
    AtWork(const std::filesystem::path& directory, const std::string& name);
    ~AtWork();
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

    /// How many others are. Deletes what those have left that were killed.
    [[nodiscard]] std::size_t others() const;

  private:
    std::filesystem::path file_;
    sys::FileLock lock_;
};

}  // namespace snapferry::receive
