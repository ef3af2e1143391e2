#include "snapferry/sys/btrfs/compressed_extents.h"

#include <linux/btrfs_tree.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

#include "snapferry/sys/btrfs/extents/tree_search.h"
#include "snapferry/sys/btrfs/kernel_send.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::btrfs {
namespace {

CompressedData compressed_in(std::span<const std::byte> item, std::uint64_t since) {
    constexpr auto inline_header = offsetof(btrfs_file_extent_item, disk_bytenr);
    const auto extent = value_at<btrfs_file_extent_item>(item);
    if (extent.compression == 0 || extent.generation <= since) {
        return {};
    }
    if (extent.type == BTRFS_FILE_EXTENT_INLINE) {
        return {extent.ram_bytes, item.size() - inline_header};
    }
    return {extent.num_bytes, extent.disk_num_bytes};
}

btrfs_ioctl_search_key all_extents(std::uint64_t since) {
    btrfs_ioctl_search_key key{};
    key.min_type = key.max_type = BTRFS_EXTENT_DATA_KEY;
    key.max_objectid = key.max_offset = key.max_transid = std::numeric_limits<std::uint64_t>::max();
    key.min_transid = since;
    return key;
}

}  // namespace

CompressedData compressed_data(const std::filesystem::path& subvolume, std::uint64_t since,
                               const std::function<bool()>& go_on) {
    const auto root = open_snapshot(subvolume);
    TreeSearch items(root.get(), all_extents(since));
    CompressedData sum;
    while (items.has_at_hand() || go_on()) {
        const auto item = items.next();
        if (!item) {
            break;
        }
        if (item->header.type == BTRFS_EXTENT_DATA_KEY) {
            const auto found = compressed_in(item->bytes, since);
            sum.unpacked += found.unpacked;
            sum.as_it_lies += found.as_it_lies;
        }
    }
    return sum;
}

bool may_compress(const std::filesystem::path& directory) {
    const auto mounts = sys::current_mounts();
    const bool mounted_so = std::any_of(mounts.begin(), mounts.end(), [](const sys::Mount& mount) {
        return mount.filesystem_type == "btrfs" &&
               mount.options.find("compress") != std::string::npos;
    });
    return mounted_so || ::getxattr(directory.c_str(), "btrfs.compression", nullptr, 0) > 0;
}

}  // namespace snapferry::btrfs
