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
};

/// The lines of /proc/PID/mountinfo (proc(5)), oldest mount first.
std::vector<Mount> parse_mounts(std::string_view mountinfo);

/// The mounts of this process.
std::vector<Mount> current_mounts();

/// The mount that is seen at exactly this path (the topmost there); nothing where none is.
std::optional<Mount> mount_at(const std::vector<Mount>& mounts, const std::filesystem::path& point);

}  // namespace snapferry::sys
