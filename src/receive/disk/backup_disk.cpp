#include "snapferry/receive/disk/backup_disk.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <exception>
#include <string>

#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/writable.h"
#include "snapferry/receive/talk/sender_link.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

bool is_directory_on_btrfs(const std::filesystem::path& path) {
    struct stat data {};
    return ::stat(path.c_str(), &data) == 0 && S_ISDIR(data.st_mode) && btrfs::is_on_btrfs(path);
}

/// A directory of the system's own filesystem is what a missing disk looks like.
bool is_on_a_disk_of_its_own(const std::vector<sys::Mount>& mounts,
                             const std::filesystem::path& directory) {
    if (!is_directory_on_btrfs(directory)) {
        return false;
    }
    const auto disk = sys::mount_of(mounts, directory);
    const auto system = sys::mount_of(mounts, "/");
    return disk && disk->filesystem_type == "btrfs" && (!system || system->device != disk->device);
}

void require_mounted(const Config& config) {
    sys::have_mounted(config.mount_point);
    const auto mounts = sys::current_mounts();
    if (!config.has_mount_point && is_on_a_disk_of_its_own(mounts, config.target_dir)) {
        return;
    }
    const auto mount = sys::mount_at(mounts, config.mount_point);
    if (!mount) {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("nothing is mounted at {}", shown(config.mount_point)),
                      fmt::format("mount the backup disk; if the mount point is another, set "
                                  "mount_point in {}",
                                  shown(config.file)));
    }
    if (mount->filesystem_type != "btrfs") {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("{} is {}, not btrfs", shown(config.mount_point),
                                  escape_text(mount->filesystem_type)),
                      "mount the backup disk there");
    }
}

void require_inside(const Config& config) {
    const auto rest = config.target_dir.lexically_relative(config.mount_point);
    if (rest.empty() || *rest.begin() == "..") {
        throw Failure(ExitCode::configuration,
                      fmt::format("target_dir {} is not below mount_point {}",
                                  shown(config.target_dir), shown(config.mount_point)),
                      fmt::format("mend {}", shown(config.file)));
    }
    if (!is_directory_on_btrfs(config.target_dir)) {
        throw Failure(
            ExitCode::directory_missing,
            fmt::format("{} is no directory on the backup disk", shown(config.target_dir)),
            "make it, or mend target_dir in " + shown(config.file));
    }
}

Failure trouble(const std::string& what, const std::string& hint) {
    return Failure(ExitCode::directory_missing, "the backup disk " + what, hint);
}

std::optional<Failure> missing_device(const Config& config) {
    for (const auto& device : btrfs::device_errors(config.target_dir)) {
        if (device.missing) {
            return trouble(fmt::format("lacks a device: {} is missing", device.device),
                           "see the kernel's log there, plug it in again, or replace it (btrfs "
                           "replace)");
        }
    }
    return std::nullopt;
}

bool is_on_mount(const std::vector<sys::Mount>& mounts, const std::filesystem::path& path,
                 const sys::Mount& mount) {
    const auto found = sys::mount_of(mounts, path);
    return found && found->point == mount.point && found->device == mount.device;
}

/// Throws the disk's trouble, if it has any, with what else failed meanwhile.
void blame(const Config& config, const std::string& failed) {
    try {
        require_sound_disk(config);
    } catch (const Failure& found) {
        const std::string trouble = found.what();
        const bool is_said = failed.find(trouble) != std::string::npos;
        throw Failure(ExitCode::directory_missing,
                      is_said ? trouble : fmt::format("{}; meanwhile: {}", trouble, failed),
                      found.hint());
    }
}

}  // namespace

void require_backup_disk(const Config& config) {
    require_mounted(config);
    require_inside(config);
}

std::optional<Failure> disk_trouble(const Config& config) {
    struct statvfs data {};
    if (::statvfs(config.target_dir.c_str(), &data) != 0) {
        return trouble(fmt::format("does not answer ({})", sys::error_text(errno)),
                       "see the kernel's log there: it may have been pulled out, or be failing");
    }
    try {
        if (auto missing = missing_device(config)) {
            return missing;
        }
    } catch (const Failure& failure) {
        return trouble(fmt::format("does not answer ({})", failure.what()),
                       "see the kernel's log there: it may have been pulled out, or be failing");
    }
    if ((data.f_flag & ST_RDONLY) != 0) {
        return trouble("is read-only",
                       fmt::format("see the kernel's log there: the kernel makes a failing disk "
                                   "read-only; if it is sound, mount -o remount,rw {}",
                                   shown(config.mount_point)));
    }
    return trouble_with_directory(config.target_dir);
}

void require_sound_disk(const Config& config) {
    require_backup_disk(config);
    if (const auto trouble = disk_trouble(config)) {
        throw Failure(*trouble);
    }
}

void require_on_the_disk(const Config& config, const Target& target) {
    const auto mounts = sys::current_mounts();
    const auto disk = sys::mount_of(mounts, config.target_dir);
    for (const auto& path :
         {target.lock.parent_path(), target.rooms[0], target.rooms[1], target.snapshots}) {
        const bool is_there = sys::kind_of(path) == sys::EntryKind::directory;
        if (is_there && disk && !is_on_mount(mounts, path, *disk)) {
            throw Failure(
                ExitCode::configuration,
                fmt::format("something else is mounted at or above {}: it is not on the mount of "
                            "target_dir",
                            shown(path)),
                "unmount that, or give the backups a target_dir on the one filesystem");
        }
    }
}

void blaming_the_disk(const Config& config, const std::function<void()>& work) {
    try {
        work();
    } catch (const SenderLost&) {
        throw;
    } catch (const Failure& failure) {
        blame(config, failure.what());
        throw;
    } catch (const std::exception& error) {
        blame(config, escape_text(error.what()));
        throw;
    }
}

}  // namespace snapferry::receive
