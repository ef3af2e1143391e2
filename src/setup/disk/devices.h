#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/setup/disk/disks.h"

namespace snapferry::setup {

/// The disks and partitions of this machine.
std::vector<Disk> disks_here();

/// What is on a device, as it is read from it.
Signatures signatures_on(const std::string& device);

/// Nothing where lsblk does not know it. By any of its names.
std::optional<Disk> disk_at(const std::string& device);

}  // namespace snapferry::setup
