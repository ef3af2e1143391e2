#include "snapferry/sys/btrfs/subvolume_times.h"

#include <linux/btrfs.h>
#include <sys/ioctl.h>

namespace snapferry::btrfs {
namespace {

std::timespec time_of(const btrfs_ioctl_timespec& said) {
    std::timespec time{};
    time.tv_sec = static_cast<std::time_t>(said.sec);
    time.tv_nsec = static_cast<decltype(time.tv_nsec)>(said.nsec);
    return time;
}

}  // namespace

std::optional<SubvolumeTimes> subvolume_times(int subvolume) {
    btrfs_ioctl_get_subvol_info_args said{};
    // Kernels answer 1 where all is well: it is what their last search in a tree came to.
    if (::ioctl(subvolume, BTRFS_IOC_GET_SUBVOL_INFO, &said) < 0) {
        return std::nullopt;
    }
    return SubvolumeTimes{time_of(said.otime), time_of(said.rtime)};
}

}  // namespace snapferry::btrfs
