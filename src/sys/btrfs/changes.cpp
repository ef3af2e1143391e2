#include "snapferry/sys/btrfs/changes.h"

#include <btrfsutil.h>
#include <endian.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>

#include <compare>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume_times.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t answer_size = 64 * 1024;  // bytes; four leaves of the usual size

struct Time {
    std::int64_t seconds;
    std::uint32_t nanoseconds;
    friend auto operator<=>(const Time&, const Time&) = default;
};

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw sys::system_failure(ExitCode::sending,
                              "look for changes in " + escape_text(path.native()));
}

struct Inode {
    Time changed;
    std::uint64_t made_in;  ///< transaction
};

Inode inode_in(const std::byte* item) {
    btrfs_inode_item inode{};
    std::memcpy(&inode, item, sizeof inode);
    return {{static_cast<std::int64_t>(le64toh(inode.ctime.sec)), le32toh(inode.ctime.nsec)},
            le64toh(inode.generation)};
}

/// Reads the inodes of a subvolume that were written in or after a transaction.
class InodeSearch {
  public:
    InodeSearch(int subvolume, const std::filesystem::path& path, std::uint64_t since)
        : path_(path),
          subvolume_(subvolume),
          answer_(sizeof(btrfs_ioctl_search_args_v2) + answer_size) {
        key_.min_transid = since;
        key_.max_transid = std::numeric_limits<std::uint64_t>::max();
        key_.max_objectid = key_.max_offset = std::numeric_limits<std::uint64_t>::max();
        key_.max_type = BTRFS_INODE_ITEM_KEY;
    }

    /// True once `matches(Inode)` is.
    template <typename Matches>
    bool any(const Matches& matches) {
        while (const auto count = next_items()) {
            if (any_among(count, matches)) {
                return true;
            }
        }
        return false;
    }

  private:
    std::uint32_t next_items() {
        btrfs_ioctl_search_args_v2 arguments{};
        arguments.key = key_;
        arguments.key.nr_items = std::numeric_limits<std::uint32_t>::max();
        arguments.buf_size = answer_size;
        std::memcpy(answer_.data(), &arguments, sizeof arguments);
        if (::ioctl(subvolume_, BTRFS_IOC_TREE_SEARCH_V2, answer_.data()) != 0) {
            fail(path_);
        }
        std::memcpy(&arguments, answer_.data(), sizeof arguments);
        return arguments.key.nr_items;
    }

    template <typename Matches>
    bool any_among(std::uint32_t count, const Matches& matches) {
        const auto* at = answer_.data() + sizeof(btrfs_ioctl_search_args_v2);
        for (std::uint32_t index = 0; index < count; ++index) {
            btrfs_ioctl_search_header header{};
            std::memcpy(&header, at, sizeof header);
            at += sizeof header;
            if (header.type == BTRFS_INODE_ITEM_KEY && header.len >= sizeof(btrfs_inode_item) &&
                matches(inode_in(at))) {
                return true;
            }
            at += header.len;
            key_.min_objectid = header.objectid + 1;  // an inode has one such item
        }
        return false;
    }

    const std::filesystem::path& path_;
    int subvolume_;
    btrfs_ioctl_search_key key_{};
    std::vector<std::byte> answer_;
};

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
    return InodeSearch(subvolume.get(), path, info.rtransid + 1).any([&](const Inode& inode) {
        return inode.changed > received || inode.made_in > info.rtransid;
    });
}

}  // namespace snapferry::btrfs
