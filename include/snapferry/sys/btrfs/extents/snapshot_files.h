#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "snapferry/core/stream/filling/file_extent.h"
#include "snapferry/sys/files/page_cache.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::btrfs {

/// Reads the files of a read-only snapshot by the numbers of their inodes; one is open at a time,
/// and read from its begin to its end. Of a large one nothing stays in memory that was not there
/// before, as with the kernel's send. While this is there, nothing of the snapshot's data goes,
/// even if somebody deletes it.
class SnapshotFiles {
  public:
    /// Throws Failure (sending) where it cannot be opened.
    explicit SnapshotFiles(const std::filesystem::path& snapshot);

    /// False where this machine does not let files be opened by number. A snapshot that is gone is
    /// no sign of that.
    static bool can_open(const std::filesystem::path& snapshot);

    /// The root of the snapshot.
    [[nodiscard]] int root() const { return root_.get(); }

    /// The file to read from now on; it is opened by the first read.
    void turn_to(std::uint64_t inode, std::uint64_t generation);

    /// Fills `into` from this offset on. Returns 0, or an errno value; ENODATA where the file ends
    /// before.
    int read(std::uint64_t offset, std::span<std::byte> into);

    /// Fills `into` with the compressed extent that has this offset, as it lies: just so long, or
    /// it is another (ENODATA).
    int read_encoded(std::uint64_t offset, std::span<std::byte> into,
                     const stream::FileExtent& extent);

  private:
    [[nodiscard]] int open();
    void watch_memory();
    void let_go(std::uint64_t end);

    sys::UniqueFd root_;
    std::vector<std::byte> handle_;  ///< a file handle of the root
    std::uint64_t inode_ = 0;
    std::uint64_t generation_ = 0;
    sys::UniqueFd file_;
    std::uint64_t size_ = 0;    ///< bytes, of the file
    std::uint64_t let_go_ = 0;  ///< the offset before which it was
    std::optional<sys::PageCacheAsItWas> memory_;
};

/// The transaction of the last change of a subvolume's content, by a descriptor of its root.
std::uint64_t last_change_in(int root);

/// bytes; the filesystem's smallest unit
std::uint32_t sector_size_of(int file);

}  // namespace snapferry::btrfs
