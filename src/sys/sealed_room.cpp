#include "snapferry/sys/sealed_room.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "snapferry/core/escape.h"
#include "snapferry/sys/file.h"
#include "snapferry/sys/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr auto room_point = "/run/snapferry/room";

#ifndef MS_NOSYMFOLLOW
constexpr unsigned long MS_NOSYMFOLLOW = 256;  // Linux 5.10, linux/mount.h
#endif

// linux/ioprio.h, which is not C++ in every version of the headers
constexpr int io_who_process = 1;
constexpr int io_class_shift = 13;
constexpr int io_class_best_effort = 2;
constexpr int io_class_idle = 3;
constexpr int lowest_io_priority = 7;

/// What `btrfs receive` uses: making files of any owner, mode and kind, xattrs of any class, the
/// ioctls for subvolumes, and chroot.
constexpr bool is_needed(int capability) {
    switch (capability) {
        case CAP_CHOWN:
        case CAP_DAC_OVERRIDE:
        case CAP_DAC_READ_SEARCH:
        case CAP_FOWNER:
        case CAP_FSETID:
        case CAP_SETFCAP:
        case CAP_LINUX_IMMUTABLE:
        case CAP_MKNOD:
        case CAP_SYS_CHROOT:
        case CAP_SYS_ADMIN:
            return true;
        default:
            return false;
    }
}

}  // namespace

SealedRoom::SealedRoom(const std::filesystem::path& directory)
    : directory_(directory), inside_(room_point) {
    make_private_directory(inside_.parent_path());
    make_private_directory(inside_);
    const auto mounts = current_mounts();
    const auto disk = mount_of(mounts, directory);
    if (!disk) {
        throw Failure(ExitCode::internal,
                      "cannot find the mount of " + escape_text(directory.native()));
    }
    for (const auto* vital : {"/", "/run/snapferry/room"}) {
        const auto mount = mount_of(mounts, vital);
        if (mount && mount->device == disk->device) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} is on the same filesystem as {}",
                                      escape_text(directory.native()), vital),
                          "give the backups a filesystem of their own: a receive could not be "
                          "sealed off from the system here");
        }
    }
    for (const auto& mount : mounts) {
        all_mounts_.push_back(mount.point.native());
    }
    for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
        if (mount->device == disk->device) {
            other_mounts_.push_back(mount->point.native());
        }
    }
}

/// What happens inside must not be seen outside. In a chroot "/" may be no mount point (EINVAL):
/// then each mount is made private by itself.
bool SealedRoom::make_mounts_private() const {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0) {
        return true;
    }
    return errno == EINVAL &&
           std::all_of(all_mounts_.begin(), all_mounts_.end(), [](const std::string& point) {
               return ::mount(nullptr, point.c_str(), nullptr, MS_PRIVATE, nullptr) == 0;
           });
}

int SealedRoom::enter() const {
    constexpr unsigned long harmless = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOSYMFOLLOW;
    if (::unshare(CLONE_NEWNS) != 0 || !make_mounts_private() ||
        ::mount(directory_.c_str(), inside_.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(nullptr, inside_.c_str(), nullptr, MS_REMOUNT | MS_BIND | harmless, nullptr) != 0) {
        return errno;
    }
    for (const auto& point : other_mounts_) {
        // EINVAL, ENOENT: it went with the mount above it.
        if (::umount2(point.c_str(), MNT_DETACH) != 0 && errno != EINVAL && errno != ENOENT) {
            return errno;
        }
    }
    return ::chdir(inside_.c_str()) == 0 ? 0 : errno;
}

int drop_needless_privileges() {
    for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
        if (!is_needed(capability) && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 &&
            errno != EINVAL) {  // EINVAL: this kernel has no such capability
            return errno;
        }
    }
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

int stay_out_of_the_way(int nice, IoClass io_class) {
    if (::setpriority(PRIO_PROCESS, 0, nice) != 0) {
        return errno;
    }
    const int priority = io_class == IoClass::idle
                             ? io_class_idle << io_class_shift
                             : io_class_best_effort << io_class_shift | lowest_io_priority;
    return ::syscall(SYS_ioprio_set, io_who_process, 0, priority) == 0 ? 0 : errno;
}

}  // namespace snapferry::sys
