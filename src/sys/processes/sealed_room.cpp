#include "snapferry/sys/processes/sealed_room.h"

#include <fcntl.h>
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
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/processes/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr auto root_point = "/run/snapferry/room";

/// Inside: a directory that every root filesystem has, and that is empty there.
constexpr auto content_point = "/run";

/// Where programs and their libraries lie, besides the root filesystem itself.
constexpr std::array places_of_programs{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"};

/// `btrfs receive` reads there where it is mounted.
constexpr auto place_of_processes = "/proc";

constexpr unsigned long harmless = MS_NOSUID | MS_NODEV;

#ifndef MS_NOSYMFOLLOW
constexpr unsigned long MS_NOSYMFOLLOW = 256;  // Linux 5.10, linux/mount.h
#endif

// linux/ioprio.h, which is not C++ in every version of the headers
constexpr int io_who_process = 1;
constexpr int io_class_shift = 13;
constexpr int io_class_best_effort = 2;
constexpr int io_class_idle = 3;
constexpr int lowest_io_priority = 7;

constexpr int deepest_chroot = 256;  // directories; no more system calls than that

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

bool is_needed_inside(const std::filesystem::path& point) {
    return point == place_of_processes ||
           std::any_of(places_of_programs.begin(), places_of_programs.end(),
                       [&](const std::filesystem::path& place) {
                           return std::mismatch(place.begin(), place.end(), point.begin(),
                                                point.end())
                                      .first == place.end();
                       });
}

/// One mount, without those below it.
bool bind(const char* source, const char* target, unsigned long restrictions) {
    return ::mount(source, target, nullptr, MS_BIND, nullptr) == 0 &&
           ::mount(nullptr, target, nullptr, MS_REMOUNT | MS_BIND | restrictions, nullptr) == 0;
}

/// In a chroot "/" is no mount point, and there are mounts outside of it. A working directory
/// outside the root leads up to the root of the namespace: that is what makes a chroot no wall for
/// root. `below` is any directory but "/". Where there is no chroot this changes nothing.
bool climb_to_real_root(const std::filesystem::path& below) {
    if (::chdir("/") != 0 || ::chroot(below.c_str()) != 0) {
        return false;
    }
    for (int step = 0; step < deepest_chroot; ++step) {
        if (::chdir("..") != 0) {
            return false;
        }
    }
    return ::chroot(".") == 0;
}

}  // namespace

SealedRoom::SealedRoom(const std::filesystem::path& directory)
    : directory_(directory),
      inside_(content_point),
      root_(root_point),
      content_(std::string(root_point) + content_point) {
    make_private_directory(root_.parent_path());
    make_private_directory(root_);
    const auto mounts = current_mounts();
    const auto disk = mount_of(mounts, directory);
    if (!disk) {
        throw Failure(ExitCode::internal,
                      "cannot find the mount of " + escape_text(directory.native()));
    }
    for (const auto* vital : {"/", root_point}) {
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
        const auto seen = mount_at(mounts, mount.point);
        const bool is_of_disk = seen && seen->device == disk->device;
        if (is_needed_inside(mount.point) && !is_of_disk) {
            furnishings_.push_back({mount.point, root_ / mount.point.relative_path()});
        }
    }
}

/// What happens inside must not be seen outside: least of all that the old root goes.
bool SealedRoom::make_mounts_private() const {
    const UniqueFd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return root && climb_to_real_root(root_) &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::fchdir(root.get()) == 0 && ::chroot(".") == 0;
}

bool SealedRoom::furnish() const {
    if (!bind("/", root_.c_str(), harmless | MS_RDONLY)) {
        return false;
    }
    for (const auto& [source, target] : furnishings_) {
        // A place that is hidden, or that the root filesystem does not have, has no programs.
        if (!bind(source.c_str(), target.c_str(), harmless | MS_RDONLY) && errno != ENOENT &&
            errno != ENOTDIR) {
            return false;
        }
    }
    return bind(directory_.c_str(), content_.c_str(), harmless | MS_NOEXEC | MS_NOSYMFOLLOW);
}

/// Makes the new root the only one, and the old one with all its mounts go; pivot_root(2).
bool SealedRoom::move_in() const {
    const UniqueFd root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return root && climb_to_real_root(root_) && ::fchdir(root.get()) == 0 &&
           ::syscall(SYS_pivot_root, ".", ".") == 0 && ::umount2(".", MNT_DETACH) == 0 &&
           ::chroot(".") == 0 && ::chdir(content_point) == 0;
}

int SealedRoom::enter() const {
    const bool is_inside =
        ::unshare(CLONE_NEWNS) == 0 && make_mounts_private() && furnish() && move_in();
    return is_inside ? 0 : errno;
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
