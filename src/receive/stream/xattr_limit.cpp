#include "snapferry/receive/stream/xattr_limit.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/xattr_size.h"
#include "snapferry/sys/btrfs/devices.h"

namespace snapferry::receive {
namespace {

/// Bytes of a node that its own header, the item's and the entry's take: struct btrfs_header,
/// btrfs_item and btrfs_dir_item (linux/btrfs_tree.h; BTRFS_MAX_XATTR_SIZE).
constexpr std::size_t overhead = 101 + 25 + 30;

}  // namespace

XattrLimit::XattrLimit(const std::filesystem::path& directory)
    : node_size_(btrfs::node_size(directory)) {}

void XattrLimit::check(const stream::Command& command) const {
    const auto size = stream::xattr_size(command);
    if (size + overhead > node_size_) {
        throw Failure(
            ExitCode::receiving,
            fmt::format("the extended attribute {} is too large for the backup disk: it has {} "
                        "bytes with its name, and {} is the most",
                        stream::xattr_text(command), size, node_size_ - overhead),
            "remove it at the NAS (setfattr -x) and make a new snapshot, or make the backup disk's "
            "filesystem with larger nodes (mkfs.btrfs --nodesize)");
    }
}

}  // namespace snapferry::receive
