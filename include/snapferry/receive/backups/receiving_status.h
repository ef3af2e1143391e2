#pragma once

#include <filesystem>

#include "snapferry/core/disk/health.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/status/receiving.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// How the backups here are, as `check` finds it: looks, changes nothing, and takes no lock. Where
/// the disk is not there, that is a finding.
ReceivingStatus look_at_receiving(const Config& config, const HealthLimits& limits);

inline constexpr auto progress_directory = "/run/snapferry";

/// Where a receive into the tag tells how far it is.
std::filesystem::path progress_file_of(const Tag& tag);

}  // namespace snapferry::receive
