#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/space/disk_use.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::btrfs {

/// Reads a mounted btrfs' space over and over, in microseconds and without a sync: statfs, and
/// what the kernel counts beside it (/sys/fs/btrfs/UUID/allocation). Where that cannot be read, the
/// DiskUse has only what statfs tells.
class SpaceGauge {
  public:
    /// Throws Failure (receiving) where the path cannot be opened.
    explicit SpaceGauge(const std::filesystem::path& path);

    /// Throws Failure (receiving) where statfs fails.
    [[nodiscard]] DiskUse read() const;

  private:
    /// The numbers of one kind of space.
    struct Kind {
        sys::UniqueFd total, used, reserved, pinned, may_use, disk_total, chunk_size;
    };
    static Kind open_kind(const std::string& directory);

    std::filesystem::path path_;
    Kind data_;
    Kind metadata_;
};

}  // namespace snapferry::btrfs
