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
#include "snapferry/sys/btrfs/subvolume_times.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

void require(btrfs_util_error result, std::string_view operation, const std::filesystem::path& path,
             ExitCode code) {
    if (result != BTRFS_UTIL_OK) {
        throw sys::system_failure(code, fmt::format("{} {}", operation, shown(path)));
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
std::size_t count_deleted(const std::filesystem::path& path, ExitCode code) {
    std::uint64_t* ids = nullptr;
    std::size_t count = 0;
    require(btrfs_util_deleted_subvolumes(path.c_str(), &ids, &count),
            "list the deleted subvolumes of", path, code);
    const std::unique_ptr<std::uint64_t, FreeMemory> owned(ids);
    return count;
}

/// The uuid as the kernel's structures have it.
void copy_uuid(const Uuid& uuid, char* into) {
    std::transform(uuid.bytes().begin(), uuid.bytes().end(), into,
                   [](std::byte value) { return static_cast<char>(value); });
}

}  // namespace

std::optional<SubvolumeInfo> subvolume_info(const std::filesystem::path& path, ExitCode code) {
    const sys::UniqueFd fd(
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
        return std::nullopt;
    }
    if (!fd) {
        throw sys::system_failure(code, "look at " + shown(path));
    }
    const auto is_subvolume = btrfs_util_is_subvolume_fd(fd.get());
    if (is_subvolume == BTRFS_UTIL_ERROR_NOT_BTRFS ||
        is_subvolume == BTRFS_UTIL_ERROR_NOT_SUBVOLUME) {
        return std::nullopt;
    }
    require(is_subvolume, "look at", path, code);
    struct btrfs_util_subvolume_info raw {};
    const auto told = btrfs_util_subvolume_info_fd(fd.get(), 0, &raw);
    if (told == BTRFS_UTIL_ERROR_SUBVOLUME_NOT_FOUND ||
        (told != BTRFS_UTIL_OK && (errno == ENOENT || errno == ESTALE))) {
        return std::nullopt;  // it was deleted since it was opened
    }
    require(told, "read the subvolume's data of", path, code);
    const auto times = subvolume_times(fd.get());
    if (!times && errno == ENOENT) {
        return std::nullopt;
    }
    if (!times) {
        throw sys::system_failure(code, "read the subvolume's times of " + shown(path));
    }
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
    info.creation_time = std::chrono::sys_seconds(std::chrono::seconds(times->created.tv_sec));
    return info;
}

bool is_on_btrfs(const std::filesystem::path& path) {
    struct statfs data {};
    return ::statfs(path.c_str(), &data) == 0 &&
           static_cast<std::uint32_t>(data.f_type) == BTRFS_SUPER_MAGIC;
}

void create_subvolume(const std::filesystem::path& path, ExitCode code) {
    require(btrfs_util_create_subvolume(path.c_str(), 0, nullptr, nullptr), "make the subvolume",
            path, code);
}

void create_snapshot(const std::filesystem::path& source, const std::filesystem::path& path,
                     bool read_only, ExitCode code) {
    const int flags = read_only ? BTRFS_UTIL_CREATE_SNAPSHOT_READ_ONLY : 0;
    require(btrfs_util_create_snapshot(source.c_str(), path.c_str(), flags, nullptr, nullptr),
            "make the snapshot", path, code);
}

void delete_subvolume(const std::filesystem::path& path, ExitCode code) {
    require(btrfs_util_delete_subvolume(path.c_str(), BTRFS_UTIL_DELETE_SUBVOLUME_RECURSIVE),
            "delete the subvolume", path, code);
}

bool delete_lone_subvolume(const std::filesystem::path& path, ExitCode code) {
    const auto result = btrfs_util_delete_subvolume(path.c_str(), 0);
    if (result != BTRFS_UTIL_OK && errno == EPERM) {
        return false;  // root may; kernel fs/btrfs/inode.c, btrfs_delete_subvolume():
                       // send_in_progress
    }
    require(result, "delete the subvolume", path, code);
    return true;
}

void set_read_only(const std::filesystem::path& path, bool read_only, ExitCode code) {
    require(btrfs_util_set_subvolume_read_only(path.c_str(), read_only),
            read_only ? "make read-only" : "make writable", path, code);
}

void set_received_uuid(const std::filesystem::path& path, const Uuid& uuid,
                       std::uint64_t sender_transid, ExitCode code) {
    const sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_received_subvol_args arguments{};
    copy_uuid(uuid, arguments.uuid);
    arguments.stransid = sender_transid;
    if (!fd || ::ioctl(fd.get(), BTRFS_IOC_SET_RECEIVED_SUBVOL, &arguments) != 0) {
        throw sys::system_failure(code, "set the received uuid of " + shown(path));
    }
}

void commit_transaction(const std::filesystem::path& path, ExitCode code) {
    require(btrfs_util_sync(path.c_str()), "sync the filesystem of", path, code);
}

bool wait_for_space(const std::filesystem::path& path, std::chrono::seconds patience,
                    ExitCode code) {
    constexpr std::chrono::milliseconds pause{100};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    commit_transaction(path, code);  // the cleaner starts after the deletion's commit
    while (count_deleted(path, code) > 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(pause);
    }
    commit_transaction(path, code);  // what the cleaner freed can be used after the next commit
    return true;
}

void exchange(const std::filesystem::path& a, const std::filesystem::path& b) {
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  fmt::format("exchange {} and {}", shown(a), shown(b)));
    }
}

Space space_of(const std::filesystem::path& path, ExitCode code) {
    struct statvfs data {};
    if (::statvfs(path.c_str(), &data) != 0) {
        throw sys::system_failure(code, "measure the space of " + shown(path));
    }
    return {std::uint64_t{data.f_bavail} * data.f_frsize,
            std::uint64_t{data.f_blocks} * data.f_frsize};
}

}  // namespace snapferry::btrfs
