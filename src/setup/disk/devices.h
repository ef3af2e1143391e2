#pragma once

#include <string>
#include <vector>

#include "snapferry/core/setup/disks.h"

namespace snapferry::setup {

/// The disks and partitions of this machine.
std::vector<Disk> disks_here();

/// What is on a device, as it is read from it.
Signatures signatures_on(const std::string& device);

/// A line each, of those that may hold backups.
std::vector<std::string> offered_disks();

}  // namespace snapferry::setup
