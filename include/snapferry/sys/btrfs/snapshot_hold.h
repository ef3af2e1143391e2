#pragma once

#include <filesystem>

#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::btrfs {

/// While the kernel sends a snapshot, nobody can make it writable, delete it, or deduplicate its
/// files. This is a send that never comes to its end: it waits with its first command until the
/// destructor ends it.
class SnapshotHold {
  public:
    /// Throws Failure (sending) where the snapshot cannot be opened.
    explicit SnapshotHold(const std::filesystem::path& snapshot);

    /// Readable when is_held() may be asked.
    [[nodiscard]] int descriptor() const { return send_.descriptor(); }

    /// True from when on it is held; false as long as the kernel has not begun, which writes first
    /// what is still to be written to the snapshot. Throws Failure (sending) where the kernel does
    /// not send it, or does so no longer. A process that is stopped holds nothing meanwhile.
    [[nodiscard]] bool is_held();

  private:
    KernelSend send_;
};

}  // namespace snapferry::btrfs
