#pragma once

#include <cstddef>
#include <filesystem>

#include "snapferry/core/stream/command.h"

namespace snapferry::receive {

/// How large an extended attribute the filesystem of a directory takes. It depends on the size of
/// its nodes, so that the NAS's may take larger ones.
class XattrLimit {
  public:
    /// Throws Failure (receiving) where the filesystem cannot be asked.
    explicit XattrLimit(const std::filesystem::path& directory);

    /// Throws Failure (receiving), naming file and attribute, where the command sets a larger one:
    /// the kernel would say that the disk is full.
    void check(const stream::Command& command) const;

  private:
    std::size_t node_size_;  // bytes
};

}  // namespace snapferry::receive
