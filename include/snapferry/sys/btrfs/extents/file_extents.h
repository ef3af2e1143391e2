#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "snapferry/core/stream/filling/file_extent.h"
#include "snapferry/sys/btrfs/extents/tree_search.h"

namespace snapferry::btrfs {

/// An extent of a file, as the metadata has it.
struct FoundExtent {
    stream::FileExtent extent;
    std::span<const std::byte> inline_data;  ///< as it lies; empty where it is not inline
};

/// The extents of a read-only subvolume's files, for who goes through them in the order of the
/// inodes' numbers and of their offsets: they are read in large pieces, each once.
class FileExtents {
  public:
    /// `subvolume`: a descriptor of its root, which stays open.
    explicit FileExtents(int subvolume);

    /// The extent of the inode that has this offset; its data is good until the next call. Nothing
    /// where there is none. Throws Failure (sending).
    std::optional<FoundExtent> at(std::uint64_t inode, std::uint64_t offset);

    /// Of the inode that at() was last asked for, and has found.
    [[nodiscard]] std::uint64_t generation() const { return generation_; }

  private:
    void seek(std::uint64_t inode);
    bool take(const TreeSearch::Item& item, std::uint64_t inode, std::uint64_t offset);

    TreeSearch items_;
    std::uint64_t last_inode_ = 0;  ///< of the item that was read last
    std::uint64_t inode_ = 0;       ///< whose generation is known
    std::uint64_t generation_ = 0;  ///< the transaction that it was made in
    std::uint64_t found_inode_ = 0;
    FoundExtent found_;
};

}  // namespace snapferry::btrfs
