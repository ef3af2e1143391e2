#include "snapferry/sys/btrfs/extents/file_extents.h"

#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t batch = 128 * 1024;  // bytes of metadata at once; no item is longer

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

template <typename Value>
Value read_at(std::span<const std::byte> bytes) {
    Value value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

/// All numbers of the disk are little-endian, and so is every machine that this runs on.
FoundExtent extent_in(std::uint64_t offset, std::span<const std::byte> item) {
    constexpr auto inline_header = offsetof(btrfs_file_extent_item, disk_bytenr);
    const auto stored = read_at<btrfs_file_extent_item>(item);
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

FileExtents::FileExtents(int subvolume)
    : subvolume_(subvolume), buffer_(sizeof(btrfs_ioctl_search_args_v2) + batch) {
    key_.max_objectid = key_.max_offset = key_.max_transid = most;
    key_.max_type = BTRFS_EXTENT_DATA_KEY;
}

std::optional<FoundExtent> FileExtents::at(std::uint64_t inode, std::uint64_t offset) {
    if (found_inode_ == inode && has(found_.extent, offset)) {
        return found_;
    }
    const bool has_passed = last_.objectid > inode ||
                            (last_.objectid == inode && inode_ != inode) ||
                            (found_inode_ == inode && found_.extent.offset > offset);
    if (has_passed || (left_ == 0 && last_.objectid < inode)) {
        seek(inode);
    }
    for (auto item = next(); item; item = next()) {
        if (item->header.objectid > inode) {
            break;
        }
        if (take(*item, inode, offset)) {
            return found_;
        }
        if (left_ == 0 && last_.objectid < inode) {
            seek(inode);
        }
    }
    return std::nullopt;
}

/// True for the extent that is looked for.
bool FileExtents::take(const Item& item, std::uint64_t inode, std::uint64_t offset) {
    if (item.header.objectid != inode) {
        return false;
    }
    if (item.header.type == BTRFS_INODE_ITEM_KEY) {
        inode_ = inode;
        generation_ = read_at<btrfs_inode_item>(item.bytes).generation;
    }
    if (item.header.type != BTRFS_EXTENT_DATA_KEY || inode_ != inode) {
        return false;
    }
    found_inode_ = inode;
    found_ = extent_in(item.header.offset, item.bytes);
    return has(found_.extent, offset);
}

void FileExtents::seek(std::uint64_t inode) {
    key_.min_objectid = inode;
    key_.min_type = BTRFS_INODE_ITEM_KEY;
    key_.min_offset = 0;
    left_ = 0;
    is_at_end_ = false;
    found_inode_ = 0;
}

std::optional<FileExtents::Item> FileExtents::next() {
    if (left_ == 0) {
        read_on();
    }
    if (left_ == 0) {
        return std::nullopt;
    }
    last_ = read_at<btrfs_ioctl_search_header>(rest_);
    const auto bytes = rest_.subspan(sizeof last_, last_.len);
    rest_ = rest_.subspan(sizeof last_ + last_.len);
    --left_;
    if (left_ == 0) {  // the place behind it; the types that are left out cannot follow
        key_.min_objectid = last_.objectid;
        key_.min_type = last_.type;
        key_.min_offset = last_.offset + 1;
        is_at_end_ = last_.offset == most;
    }
    return Item{last_, bytes};
}

void FileExtents::read_on() {
    if (is_at_end_) {
        return;
    }
    btrfs_ioctl_search_args_v2 arguments{};
    arguments.key = key_;
    arguments.key.nr_items = std::numeric_limits<std::uint32_t>::max();
    arguments.buf_size = batch;
    std::memcpy(buffer_.data(), &arguments, sizeof arguments);
    if (::ioctl(subvolume_, BTRFS_IOC_TREE_SEARCH_V2, buffer_.data()) != 0) {
        throw sys::system_failure(ExitCode::sending, "look for the extents of a file");
    }
    left_ = read_at<btrfs_ioctl_search_args_v2>(buffer_).key.nr_items;
    rest_ = std::span(buffer_).subspan(sizeof arguments);
}

}  // namespace snapferry::btrfs
