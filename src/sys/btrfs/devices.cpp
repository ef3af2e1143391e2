#include "snapferry/sys/btrfs/devices.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

#include "snapferry/core/escape.h"
#include "snapferry/sys/file.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/unique_fd.h"

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

DeviceErrors errors_of(const sys::UniqueFd& fd, const btrfs_ioctl_dev_info_args& device) {
    btrfs_ioctl_get_dev_stats stats{};
    stats.devid = device.devid;
    stats.nr_items = BTRFS_DEV_STAT_VALUES_MAX;
    if (::ioctl(fd.get(), BTRFS_IOC_GET_DEV_STATS, &stats) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  "read the counted errors of " + device_path(device));
    }
    return {device_path(device),
            stats.values[BTRFS_DEV_STAT_WRITE_ERRS],
            stats.values[BTRFS_DEV_STAT_READ_ERRS],
            stats.values[BTRFS_DEV_STAT_FLUSH_ERRS],
            stats.values[BTRFS_DEV_STAT_CORRUPTION_ERRS],
            stats.values[BTRFS_DEV_STAT_GENERATION_ERRS]};
}

}  // namespace

std::vector<DeviceErrors> device_errors(const std::filesystem::path& path) {
    const auto fd = open_directory(path);
    const auto filesystem = filesystem_info(fd);
    std::vector<DeviceErrors> found;
    for (std::uint64_t id = 1; id <= filesystem.max_id; ++id) {
        btrfs_ioctl_dev_info_args device{};
        device.devid = id;
        if (::ioctl(fd.get(), BTRFS_IOC_DEV_INFO, &device) == 0) {
            found.push_back(errors_of(fd, device));
        } else if (errno != ENODEV) {  // the numbers of devices that were removed stay unused
            throw sys::system_failure(ExitCode::receiving, "ask for the filesystem's devices");
        }
    }
    return found;
}

std::vector<ScrubRecord> last_scrubs(const std::filesystem::path& path) {
    const auto info = filesystem_info(open_directory(path));
    const Uuid uuid(std::as_bytes(std::span(info.fsid)));
    const auto text =
        sys::read_small_file("/var/lib/btrfs/scrub.status." + uuid.text(), max_status);
    return text ? parse_scrub_status(*text) : std::vector<ScrubRecord>{};
}

}  // namespace snapferry::btrfs
