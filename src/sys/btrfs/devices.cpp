#include "snapferry/sys/btrfs/devices.h"

#include <btrfsutil.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t max_status = 1024 * 1024;  // bytes; about 400 a device

sys::UniqueFd open_directory(const std::filesystem::path& path) {
    sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        throw sys::system_failure(ExitCode::receiving, "open " + escape_text(path.native()));
    }
    return fd;
}

btrfs_ioctl_fs_info_args filesystem_info(const sys::UniqueFd& fd) {
    btrfs_ioctl_fs_info_args info{};
    if (::ioctl(fd.get(), BTRFS_IOC_FS_INFO, &info) != 0) {
        throw sys::system_failure(ExitCode::receiving, "ask for the filesystem's data");
    }
    return info;
}

std::string device_path(const btrfs_ioctl_dev_info_args& info) {
    const auto* const text = reinterpret_cast<const char*>(info.path);
    return escape_text({text, ::strnlen(text, sizeof info.path)});
}

/// The name that the kernel's log has for it; one that is missing has none.
std::string name_of(const btrfs_ioctl_dev_info_args& device) {
    auto path = device_path(device);
    return path.empty() ? fmt::format("device {}", device.devid) : path;
}

/// True where the machine no longer has the device that the filesystem was mounted with: it was
/// pulled out, or has no size any more. Where sysfs does not tell, it is taken to be there.
bool has_gone(const Uuid& filesystem, const btrfs_ioctl_dev_info_args& device) {
    constexpr std::size_t longest = 64;  // bytes: one number
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(device_path(device), error);
    const auto entry =
        std::filesystem::path("/sys/fs/btrfs") / filesystem.text() / "devices" / path.filename();
    if (error || !std::filesystem::is_symlink(entry, error)) {
        return false;
    }
    const auto size = sys::read_small_file(entry / "size", longest);
    return !size || size->starts_with("0\n");
}

DeviceErrors errors_of(const sys::UniqueFd& fd, const Uuid& filesystem,
                       const btrfs_ioctl_dev_info_args& device) {
    btrfs_ioctl_get_dev_stats stats{};
    stats.devid = device.devid;
    stats.nr_items = BTRFS_DEV_STAT_VALUES_MAX;
    if (::ioctl(fd.get(), BTRFS_IOC_GET_DEV_STATS, &stats) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  "read the counted errors of " + name_of(device));
    }
    return {name_of(device),
            stats.values[BTRFS_DEV_STAT_WRITE_ERRS],
            stats.values[BTRFS_DEV_STAT_READ_ERRS],
            stats.values[BTRFS_DEV_STAT_FLUSH_ERRS],
            stats.values[BTRFS_DEV_STAT_CORRUPTION_ERRS],
            stats.values[BTRFS_DEV_STAT_GENERATION_ERRS],
            device.devid,
            device_path(device).empty() || has_gone(filesystem, device)};
}

}  // namespace

std::vector<DeviceErrors> device_errors(const std::filesystem::path& path) {
    return device_errors(open_directory(path));
}

std::vector<DeviceErrors> device_errors(const sys::UniqueFd& within) {
    const auto filesystem = filesystem_info(within);
    const Uuid uuid(std::as_bytes(std::span(filesystem.fsid)));
    std::vector<DeviceErrors> found;
    for (std::uint64_t id = 1; id <= filesystem.max_id; ++id) {
        btrfs_ioctl_dev_info_args device{};
        device.devid = id;
        if (::ioctl(within.get(), BTRFS_IOC_DEV_INFO, &device) == 0) {
            found.push_back(errors_of(within, uuid, device));
        } else if (errno != ENODEV) {  // the numbers of devices that were removed stay unused
            throw sys::system_failure(ExitCode::receiving, "ask for the filesystem's devices");
        }
    }
    return found;
}

Uuid filesystem_uuid(const std::filesystem::path& path) {
    const auto info = filesystem_info(open_directory(path));
    return Uuid(std::as_bytes(std::span(info.fsid)));
}

std::size_t node_size(const std::filesystem::path& path) {
    return filesystem_info(open_directory(path)).nodesize;
}

std::vector<ScrubRecord> last_scrubs(const std::filesystem::path& path) {
    const auto info = filesystem_info(open_directory(path));
    const Uuid uuid(std::as_bytes(std::span(info.fsid)));
    const auto text =
        sys::read_small_file("/var/lib/btrfs/scrub.status." + uuid.text(), max_status);
    return text ? parse_scrub_status(*text) : std::vector<ScrubRecord>{};
}

std::optional<std::chrono::sys_seconds> made_on(const std::filesystem::path& path) {
    constexpr std::uint64_t top_level =
        5;  // BTRFS_FS_TREE_OBJECTID: it is as old as the filesystem
    struct btrfs_util_subvolume_info info {};
    const bool is_told =
        btrfs_util_subvolume_info(path.c_str(), top_level, &info) == BTRFS_UTIL_OK &&
        info.otime.tv_sec > 0;
    return is_told
               ? std::optional(std::chrono::sys_seconds(std::chrono::seconds(info.otime.tv_sec)))
               : std::nullopt;
}

}  // namespace snapferry::btrfs
