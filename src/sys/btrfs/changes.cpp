#include "snapferry/sys/btrfs/changes.h"

#include <btrfsutil.h>
#include <endian.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>

#include <compare>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/extents/tree_search.h"
#include "snapferry/sys/btrfs/subvolume_times.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

struct Time {
    std::int64_t seconds;
    std::uint32_t nanoseconds;
    friend auto operator<=>(const Time&, const Time&) = default;
};

std::string purpose_at(const std::filesystem::path& path) {
    return "look for changes in " + escape_text(path.native());
}

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw sys::system_failure(ExitCode::sending, purpose_at(path));
}

struct Inode {
    Time changed;
    std::uint64_t made_in;  ///< transaction
};

Inode inode_in(std::span<const std::byte> item) {
    const auto inode = value_at<btrfs_inode_item>(item);
    return {{static_cast<std::int64_t>(le64toh(inode.ctime.sec)), le32toh(inode.ctime.nsec)},
            le64toh(inode.generation)};
}

/// All inodes that were written in or after a transaction.
btrfs_ioctl_search_key inodes_since(std::uint64_t transaction) {
    btrfs_ioctl_search_key range{};
    range.min_transid = transaction;
    range.max_transid = std::numeric_limits<std::uint64_t>::max();
    range.max_objectid = range.max_offset = std::numeric_limits<std::uint64_t>::max();
    range.max_type = BTRFS_INODE_ITEM_KEY;
    return range;
}

/// Among the inodes of a subvolume: whether there is one for which `matches` is true.
template <typename Matches>
bool any_inode(TreeSearch search, const Matches& matches) {
    while (const auto item = search.next()) {
        if (item->header.type == BTRFS_INODE_ITEM_KEY &&
            item->bytes.size() >= sizeof(btrfs_inode_item) && matches(inode_in(item->bytes))) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool changed_since_received(const std::filesystem::path& path) {
    const sys::UniqueFd subvolume(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct btrfs_util_subvolume_info info {};
    if (!subvolume || btrfs_util_subvolume_info_fd(subvolume.get(), 0, &info) != BTRFS_UTIL_OK) {
        fail(path);
    }
    if (info.rtransid == 0 || info.ctransid <= info.rtransid) {
        return false;
    }
    const auto times = subvolume_times(subvolume.get());
    if (!times) {
        fail(path);
    }
    const Time received{times->received.tv_sec,
                        static_cast<std::uint32_t>(times->received.tv_nsec)};
    const auto range = inodes_since(info.rtransid + 1);
    return any_inode(TreeSearch(subvolume.get(), range, purpose_at(path)), [&](const Inode& inode) {
        return inode.changed > received || inode.made_in > info.rtransid;
    });
}

}  // namespace snapferry::btrfs
