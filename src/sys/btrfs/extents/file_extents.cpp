#include "snapferry/sys/btrfs/extents/file_extents.h"

#include <linux/btrfs_tree.h>

#include <algorithm>
#include <limits>

namespace snapferry::btrfs {
namespace {

btrfs_ioctl_search_key up_to_all_extents() {
    btrfs_ioctl_search_key key{};
    key.max_objectid = key.max_offset = key.max_transid = std::numeric_limits<std::uint64_t>::max();
    key.max_type = BTRFS_EXTENT_DATA_KEY;
    return key;
}

FoundExtent extent_in(std::uint64_t offset, std::span<const std::byte> item) {
    constexpr auto inline_header = offsetof(btrfs_file_extent_item, disk_bytenr);
    const auto stored = value_at<btrfs_file_extent_item>(item);
    if (stored.type == BTRFS_FILE_EXTENT_INLINE) {
        const auto data = item.subspan(std::min(inline_header, item.size()));
        return {
            {offset, stored.ram_bytes, true, stored.compression, data.size(), stored.ram_bytes, 0},
            data};
    }
    return {{offset, stored.num_bytes, false, stored.compression, stored.disk_num_bytes,
             stored.ram_bytes, stored.offset},
            {}};
}

/// An inline extent has the rest of its block too, where the file goes on.
bool has(const stream::FileExtent& extent, std::uint64_t offset) {
    constexpr std::uint64_t largest_block = 64 * 1024;  // bytes
    const auto length = extent.is_inline ? largest_block : extent.length;
    return extent.offset <= offset && offset - extent.offset < length;
}

}  // namespace

FileExtents::FileExtents(int subvolume) : items_(subvolume, up_to_all_extents()) {}

std::optional<FoundExtent> FileExtents::at(std::uint64_t inode, std::uint64_t offset) {
    if (found_inode_ == inode && has(found_.extent, offset)) {
        return found_;
    }
    const bool has_passed = last_inode_ > inode || (last_inode_ == inode && inode_ != inode) ||
                            (found_inode_ == inode && found_.extent.offset > offset);
    if (has_passed || (!items_.has_at_hand() && last_inode_ < inode)) {
        seek(inode);
    }
    for (auto item = items_.next(); item; item = items_.next()) {
        last_inode_ = item->header.objectid;
        if (last_inode_ > inode) {
            break;
        }
        if (take(*item, inode, offset)) {
            return found_;
        }
        if (!items_.has_at_hand() && last_inode_ < inode) {
            seek(inode);
        }
    }
    return std::nullopt;
}

/// True for the extent that is looked for.
bool FileExtents::take(const TreeSearch::Item& item, std::uint64_t inode, std::uint64_t offset) {
    if (item.header.objectid != inode) {
        return false;
    }
    if (item.header.type == BTRFS_INODE_ITEM_KEY) {
        inode_ = inode;
        generation_ = value_at<btrfs_inode_item>(item.bytes).generation;
    }
    if (item.header.type != BTRFS_EXTENT_DATA_KEY || inode_ != inode) {
        return false;
    }
    found_inode_ = inode;
    found_ = extent_in(item.header.offset, item.bytes);
    return has(found_.extent, offset);
}

void FileExtents::seek(std::uint64_t inode) {
    items_.seek(inode, BTRFS_INODE_ITEM_KEY);
    found_inode_ = 0;
}

}  // namespace snapferry::btrfs
