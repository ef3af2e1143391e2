#include "snapferry/sys/btrfs/extents/snapshot_files.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "snapferry/sys/btrfs/kernel_send.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

/// bytes; for a smaller file the asking costs more than the memory
constexpr std::uint64_t large = std::uint64_t{1} << 20;

/// bytes that are read before their memory is let go, many pages in one call
constexpr std::uint64_t held = std::uint64_t{8} << 20;

constexpr unsigned handle_size = 20;  // bytes; BTRFS_FID_SIZE_NON_CONNECTABLE of fs/btrfs/export.c

/// struct btrfs_fid of fs/btrfs/export.h, as far as a handle without the file's directory has it.
struct Identity {
    std::uint64_t inode;
    std::uint64_t subvolume;
    std::uint32_t generation;
} __attribute__((packed));
static_assert(sizeof(Identity) == handle_size);

file_handle* as_handle(std::vector<std::byte>& bytes) {
    return reinterpret_cast<file_handle*>(bytes.data());
}

/// Empty where the kernel makes none that is known here.
std::vector<std::byte> handle_of(int root) {
    std::vector<std::byte> bytes(sizeof(file_handle) + handle_size);
    auto* const handle = as_handle(bytes);
    handle->handle_bytes = handle_size;
    int mount = 0;
    const bool made = ::name_to_handle_at(root, "", handle, &mount, AT_EMPTY_PATH) == 0 &&
                      handle->handle_bytes == handle_size;
    return made ? bytes : std::vector<std::byte>();
}

/// Root without it reads only what its owner lets everybody read.
bool may_read_all() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    return ::syscall(SYS_capget, &header, sets.data()) == 0 &&
           (sets.at(CAP_TO_INDEX(CAP_DAC_READ_SEARCH)).effective &
            CAP_TO_MASK(CAP_DAC_READ_SEARCH)) != 0;
}

}  // namespace

SnapshotFiles::SnapshotFiles(const std::filesystem::path& snapshot)
    : root_(open_snapshot(snapshot)), handle_(handle_of(root_.get())) {}

bool SnapshotFiles::can_open(const std::filesystem::path& snapshot) {
    const sys::UniqueFd root(::open(snapshot.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) {
        return true;
    }
    auto handle = handle_of(root.get());
    if (handle.empty() || !may_read_all()) {
        return false;
    }
    const sys::UniqueFd same(
        ::open_by_handle_at(root.get(), as_handle(handle), O_RDONLY | O_CLOEXEC));
    return static_cast<bool>(same) || errno == ESTALE;
}

void SnapshotFiles::turn_to(std::uint64_t inode, std::uint64_t generation) {
    if (inode != inode_) {
        let_go(size_);
        memory_.reset();
        file_.close();
    }
    inode_ = inode;
    generation_ = generation;
}

/// 0, or an errno value.
int SnapshotFiles::open() {
    if (file_) {
        return 0;
    }
    if (handle_.empty()) {
        return EOPNOTSUPP;
    }
    Identity identity{};
    auto* const place = as_handle(handle_)->f_handle;
    std::memcpy(&identity, place, sizeof identity);
    identity.inode = inode_;
    identity.generation = static_cast<std::uint32_t>(generation_);
    std::memcpy(place, &identity, sizeof identity);
    // Not O_NOATIME, for which one must own the file or have CAP_FOWNER: nothing is noted in what
    // is read-only.
    file_ = sys::UniqueFd(
        ::open_by_handle_at(root_.get(), as_handle(handle_), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file_) {
        return errno;
    }
    watch_memory();
    return 0;
}

/// The NAS's memory is there for others, and a large file would fill it.
void SnapshotFiles::watch_memory() {
    struct stat data {};
    size_ = ::fstat(file_.get(), &data) == 0 ? static_cast<std::uint64_t>(data.st_size) : 0;
    let_go_ = 0;
    if (size_ >= large) {
        (void)::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
        memory_.emplace(file_.get(), size_);
    }
}

void SnapshotFiles::let_go(std::uint64_t end) {
    if (memory_) {
        memory_->is_read_until(end);
        let_go_ = end;
    }
}

int SnapshotFiles::read(std::uint64_t offset, std::span<std::byte> into) {
    if (const int error = open(); error != 0) {
        return error;
    }
    if (memory_) {
        memory_->comes_to(offset);
    }
    while (!into.empty()) {
        const auto count =
            ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        if (count == 0) {
            return ENODATA;
        }
        if (count > 0) {
            offset += static_cast<std::uint64_t>(count);
            into = into.subspan(static_cast<std::size_t>(count));
        }
    }
    if (offset >= let_go_ + held) {
        let_go(offset);
    }
    return 0;
}

int SnapshotFiles::read_encoded(std::uint64_t offset, std::span<std::byte> into,
                                const stream::FileExtent& extent) {
    if (const int error = open(); error != 0) {
        return error;
    }
    iovec room{into.data(), into.size()};
    btrfs_ioctl_encoded_io_args arguments{};
    arguments.iov = &room;
    arguments.iovcnt = 1;
    arguments.offset = static_cast<__s64>(offset);
    const auto count = ::ioctl(file_.get(), BTRFS_IOC_ENCODED_READ, &arguments);
    if (count < 0) {
        return errno;
    }
    const bool is_it = static_cast<std::size_t>(count) == into.size() &&
                       arguments.compression != BTRFS_ENCODED_IO_COMPRESSION_NONE &&
                       arguments.unencoded_len == extent.unpacked &&
                       arguments.unencoded_offset == offset - extent.offset + extent.skipped;
    return is_it ? 0 : ENODATA;
}

std::uint64_t last_change_in(int root) {
    btrfs_ioctl_get_subvol_info_args info{};
    if (::ioctl(root, BTRFS_IOC_GET_SUBVOL_INFO, &info) < 0) {  // it returns 1 where all is well
        throw sys::system_failure(ExitCode::sending, "ask for the last change of a snapshot");
    }
    return info.ctransid;
}

std::uint32_t sector_size_of(int file) {
    btrfs_ioctl_fs_info_args info{};
    if (::ioctl(file, BTRFS_IOC_FS_INFO, &info) != 0) {
        throw sys::system_failure(ExitCode::sending, "ask for the filesystem of a snapshot");
    }
    return info.sectorsize;
}

}  // namespace snapferry::btrfs
