#include "snapferry/sys/btrfs/compressed_extents.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/processes/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t batch = 256 * 1024;  // bytes of metadata that are read at once

template <typename Value>
Value read_at(std::span<const std::byte> bytes) {
    Value value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

/// All numbers of the disk are little-endian, and so is every machine that this runs on.
CompressedData compressed_in(std::span<const std::byte> item, std::uint64_t since) {
    constexpr auto inline_header = offsetof(btrfs_file_extent_item, disk_bytenr);
    const auto extent = read_at<btrfs_file_extent_item>(item);
    if (extent.compression == 0 || extent.generation <= since) {
        return {};
    }
    if (extent.type == BTRFS_FILE_EXTENT_INLINE) {
        return {extent.ram_bytes, item.size() - inline_header};
    }
    return {extent.num_bytes, extent.disk_num_bytes};
}

/// The place right behind an item; false at the end of all places.
bool move_behind(btrfs_ioctl_search_key& key, const btrfs_ioctl_search_header& last) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    key.min_objectid = last.objectid;
    key.min_offset = last.offset;
    if (key.min_offset++ == most) {
        return key.min_objectid++ != most;
    }
    return true;
}

struct Batch {
    btrfs_ioctl_search_key key{};
    std::vector<std::byte> buffer{sizeof(btrfs_ioctl_search_args_v2) + batch};

    /// The items of the next batch, without their headers copied; empty at the end.
    std::span<const std::byte> read(int fd) {
        btrfs_ioctl_search_args_v2 arguments{};
        arguments.key = key;
        arguments.key.nr_items = std::numeric_limits<std::uint32_t>::max();
        arguments.buf_size = batch;
        std::memcpy(buffer.data(), &arguments, sizeof arguments);
        if (::ioctl(fd, BTRFS_IOC_TREE_SEARCH_V2, buffer.data()) != 0) {
            throw sys::system_failure(ExitCode::sending, "look for compressed extents");
        }
        found = read_at<btrfs_ioctl_search_args_v2>(buffer).key.nr_items;
        return std::span(buffer).subspan(sizeof arguments);
    }

    std::uint32_t found = 0;  ///< items in the last batch
};

btrfs_ioctl_search_key all_extents() {
    btrfs_ioctl_search_key key{};
    key.min_type = key.max_type = BTRFS_EXTENT_DATA_KEY;
    key.max_objectid = key.max_offset = key.max_transid = std::numeric_limits<std::uint64_t>::max();
    return key;  // tree 0: the subvolume that is asked
}

}  // namespace

CompressedData compressed_data(const std::filesystem::path& subvolume, std::uint64_t since,
                               const std::function<bool()>& go_on) {
    const sys::UniqueFd fd(::open(subvolume.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        throw sys::system_failure(ExitCode::sending, "open " + escape_text(subvolume.native()));
    }
    Batch items;
    items.key = all_extents();
    items.key.min_transid = since;
    CompressedData sum;
    while (go_on()) {
        auto rest = items.read(fd.get());
        btrfs_ioctl_search_header header{};
        for (std::uint32_t number = 0; number < items.found; ++number) {
            header = read_at<btrfs_ioctl_search_header>(rest);
            rest = rest.subspan(sizeof header);
            if (header.type == BTRFS_EXTENT_DATA_KEY) {
                const auto found = compressed_in(rest.first(header.len), since);
                sum.unpacked += found.unpacked;
                sum.as_it_lies += found.as_it_lies;
            }
            rest = rest.subspan(header.len);
        }
        if (items.found == 0 || !move_behind(items.key, header)) {
            break;
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
