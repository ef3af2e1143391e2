#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "snapferry/core/disk/health.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/sys/files/unique_fd.h"

/// The devices of a mounted btrfs. All functions throw Failure (receiving) naming the path.
namespace snapferry::btrfs {

/// What each device has counted. The kernel's own numbers: no disk is touched.
std::vector<DeviceErrors> device_errors(const std::filesystem::path& path);
std::vector<DeviceErrors> device_errors(const sys::UniqueFd& within);

/// The filesystem's own, as /etc/fstab names it.
Uuid filesystem_uuid(const std::filesystem::path& path);

/// Bytes of a node of the filesystem's trees.
std::size_t node_size(const std::filesystem::path& path);

/// When the filesystem was made; nothing where it does not say.
std::optional<std::chrono::sys_seconds> made_on(const std::filesystem::path& path);

/// The last scrub of each device, as btrfs-progs noted it on this machine.
std::vector<ScrubRecord> last_scrubs(const std::filesystem::path& path);

}  // namespace snapferry::btrfs
