#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snapferry::sys {

struct Mount {
    std::string
        device;  ///< "major:minor" of the superblock, the same for every mount of a filesystem
    std::filesystem::path point;
    std::string filesystem_type;
    std::string options;  ///< of the filesystem: "rw,compress=zstd:3,..."
    std::string root;     ///< what of it is mounted: "/", or of btrfs a subvolume, "/@backups"
};

/// The lines of /proc/PID/mountinfo (proc(5)), oldest mount first.
std::vector<Mount> parse_mounts(std::string_view mountinfo);

/// The mounts of this process.
std::vector<Mount> current_mounts();

/// The mount that is seen at exactly this path (the topmost there); nothing where none is.
std::optional<Mount> mount_at(const std::vector<Mount>& mounts, const std::filesystem::path& point);

/// The mount that an existing path lies on: the one with the longest mount point above it. Nothing
/// where none is seen: in a chroot, "/" and what is not mounted below it.
std::optional<Mount> mount_of(const std::vector<Mount>& mounts, const std::filesystem::path& path);

/// Looks into the directory, where there is one: an automount is mounted when somebody does, and
/// until then its place is of another type (autofs).
void have_mounted(const std::filesystem::path& point);

}  // namespace snapferry::sys
