#include "snapferry/sys/btrfs/subvolume.h"

#include <btrfsutil.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

void require(btrfs_util_error result, std::string_view operation,
             const std::filesystem::path& path) {
    if (result != BTRFS_UTIL_OK) {
        throw sys::system_failure(ExitCode::receiving,
                                  fmt::format("{} {}", operation, shown(path)));
    }
}

Uuid uuid_from(const std::uint8_t (&bytes)[16]) {
    return Uuid(std::as_bytes(std::span(bytes)));
}

/// For what libbtrfsutil hands out: its contract is free(3).
struct FreeMemory {
    void operator()(void* memory) const {
        std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
    }
};

/// How many subvolumes are deleted, but not yet cleaned away by the kernel.
std::size_t count_deleted(const std::filesystem::path& path) {
    std::uint64_t* ids = nullptr;
    std::size_t count = 0;
    require(btrfs_util_deleted_subvolumes(path.c_str(), &ids, &count),
            "list the deleted subvolumes of", path);
    const std::unique_ptr<std::uint64_t, FreeMemory> owned(ids);
    return count;
}

/// The uuid as the kernel's structures have it.
void copy_uuid(const Uuid& uuid, char* into) {
    std::transform(uuid.bytes().begin(), uuid.bytes().end(), into,
                   [](std::byte value) { return static_cast<char>(value); });
}

}  // namespace

std::optional<SubvolumeInfo> subvolume_info(const std::filesystem::path& path) {
    const sys::UniqueFd fd(
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
        return std::nullopt;
    }
    if (!fd) {
        throw sys::system_failure(ExitCode::receiving, "look at " + shown(path));
    }
    const auto is_subvolume = btrfs_util_is_subvolume_fd(fd.get());
    if (is_subvolume == BTRFS_UTIL_ERROR_NOT_BTRFS ||
        is_subvolume == BTRFS_UTIL_ERROR_NOT_SUBVOLUME) {
        return std::nullopt;
    }
    require(is_subvolume, "look at", path);
    struct btrfs_util_subvolume_info raw {};
    require(btrfs_util_subvolume_info_fd(fd.get(), 0, &raw), "read the subvolume's data of", path);
    SubvolumeInfo info;
    info.id = raw.id;
    info.uuid = uuid_from(raw.uuid);
    info.parent_uuid = uuid_from(raw.parent_uuid);
    info.received_uuid = uuid_from(raw.received_uuid);
    info.read_only = (raw.flags & 1) != 0;  // BTRFS_ROOT_SUBVOL_RDONLY on disk
    info.changed = raw.ctransid;
    info.created = raw.otransid;
    info.received = raw.rtransid;
    info.sent = raw.stransid;
    info.creation_time = std::chrono::sys_seconds(std::chrono::seconds(raw.otime.tv_sec));
    return info;
}

bool is_on_btrfs(const std::filesystem::path& path) {
    struct statfs data {};
    return ::statfs(path.c_str(), &data) == 0 && data.f_type == BTRFS_SUPER_MAGIC;
}

void create_subvolume(const std::filesystem::path& path) {
    require(btrfs_util_create_subvolume(path.c_str(), 0, nullptr, nullptr), "make the subvolume",
            path);
}

void create_snapshot(const std::filesystem::path& source, const std::filesystem::path& path,
                     bool read_only) {
    const int flags = read_only ? BTRFS_UTIL_CREATE_SNAPSHOT_READ_ONLY : 0;
    require(btrfs_util_create_snapshot(source.c_str(), path.c_str(), flags, nullptr, nullptr),
            "make the snapshot", path);
}

void delete_subvolume(const std::filesystem::path& path) {
    require(btrfs_util_delete_subvolume(path.c_str(), BTRFS_UTIL_DELETE_SUBVOLUME_RECURSIVE),
            "delete the subvolume", path);
}

void set_read_only(const std::filesystem::path& path, bool read_only) {
    require(btrfs_util_set_subvolume_read_only(path.c_str(), read_only),
            read_only ? "make read-only" : "make writable", path);
}

void set_received_uuid(const std::filesystem::path& path, const Uuid& uuid,
                       std::uint64_t sender_transid) {
    const sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_received_subvol_args arguments{};
    copy_uuid(uuid, arguments.uuid);
    arguments.stransid = sender_transid;
    if (!fd || ::ioctl(fd.get(), BTRFS_IOC_SET_RECEIVED_SUBVOL, &arguments) != 0) {
        throw sys::system_failure(ExitCode::receiving, "set the received uuid of " + shown(path));
    }
}

void commit_transaction(const std::filesystem::path& path) {
    require(btrfs_util_sync(path.c_str()), "sync the filesystem of", path);
}

bool wait_for_space(const std::filesystem::path& path, std::chrono::seconds patience) {
    constexpr std::chrono::milliseconds pause{100};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    commit_transaction(path);  // the cleaner starts after the deletion's commit
    while (count_deleted(path) > 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(pause);
    }
    commit_transaction(path);  // what the cleaner freed can be used after the next commit
    return true;
}

void exchange(const std::filesystem::path& a, const std::filesystem::path& b) {
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  fmt::format("exchange {} and {}", shown(a), shown(b)));
    }
}

Space space_of(const std::filesystem::path& path) {
    struct statvfs data {};
    if (::statvfs(path.c_str(), &data) != 0) {
        throw sys::system_failure(ExitCode::receiving, "measure the space of " + shown(path));
    }
    return {std::uint64_t{data.f_bavail} * data.f_frsize,
            std::uint64_t{data.f_blocks} * data.f_frsize};
}

}  // namespace snapferry::btrfs
