#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "snapferry/sys/tree/walk.h"
#include "snapferry/sys/tree/writing/file_copy.h"
#include "snapferry/sys/tree/writing/tree_writer.h"

namespace snapferry::sys {

/// An item as it lies on a disk.
struct ItemOnDisk {
    Item item;
    std::uint64_t on_disk = 0;  ///< bytes that it takes there
};

/// A tree on this machine, for a TreeWriter: one item after the other, in the order of a manifest.
/// What cannot be read is Failure (sending); next() may be called again after one of an item's own.
class TreeItems {
  public:
    TreeItems(const std::filesystem::path& top, Wanted wanted, WhenCopied when_copied = {})
        : walk_(top, code, std::move(wanted)), when_copied_(std::move(when_copied)) {}

    /// The next one. Its `fill` works until the one after is asked for.
    std::optional<ItemOnDisk> next();

    /// Reads the file that came last, but for its holes.
    void read(const TakeData& take) const;

  private:
    static constexpr auto code = ExitCode::sending;

    void fill(int file, const std::string& shown) const;
    std::uint64_t group_of(std::uint64_t inode);

    Walk walk_;
    Found last_;
    WhenCopied when_copied_;
    std::map<std::uint64_t, std::uint64_t> groups_;  ///< by inode
};

}  // namespace snapferry::sys
