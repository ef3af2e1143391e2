#include "snapferry/sys/tree/inode_state.h"

#include <fcntl.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace snapferry::sys {
namespace {

// How the kernel identifies a file of btrfs without its directory: fs/btrfs/export.h, and
// FILEID_BTRFS_WITHOUT_PARENT of include/linux/exportfs.h.
constexpr int handle_type = 0x4d;
struct [[gnu::packed]] BtrfsHandle {
    std::uint64_t inode;
    std::uint64_t subvolume;
    std::uint32_t generation;
};

/// What name_to_handle_at(2) writes into.
struct Handle {
    file_handle head;
    std::byte room[MAX_HANDLE_SZ];  // NOLINT(modernize-avoid-c-arrays): behind the head
};

}  // namespace

/// By a handle, which says it without opening anything.
std::optional<manifest::InodeState> state_of(const Walk& walk, const Found& found) {
    Handle handle{};
    handle.head.handle_bytes = MAX_HANDLE_SZ;
    int mount = 0;
    if (::name_to_handle_at(walk.directory(), walk.name().c_str(), &handle.head, &mount, 0) != 0 ||
        handle.head.handle_type != handle_type || handle.head.handle_bytes < sizeof(BtrfsHandle)) {
        return std::nullopt;
    }
    BtrfsHandle said{};
    std::memcpy(&said, static_cast<const unsigned char*>(handle.head.f_handle), sizeof(said));
    if (said.inode != found.inode) {
        return std::nullopt;
    }
    return manifest::InodeState{
        found.inode,
        said.generation,
        found.entry.size.value_or(0),
        {found.changed.tv_sec, static_cast<std::uint32_t>(found.changed.tv_nsec)}};
}

}  // namespace snapferry::sys
