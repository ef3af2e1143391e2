#pragma once

#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/disk/health.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// Looks at the backup disk: newest backups, unfinished receives, space, scrubs, devices. Changes
/// nothing, mounts nothing, takes no lock, so that no receive notices; but a disk that is mounted
/// and has spun down may spin up. What cannot be looked at is a finding too (unknown): throws
/// nothing of the disk's. A disk that before_receive mounts may be away: then what is known of it
/// is told.
std::vector<Finding> check_health(const Config& config, const HealthLimits& limits);

/// The same, with what each is of.
std::vector<AboutFinding> look_at_health(const Config& config, const HealthLimits& limits);

}  // namespace snapferry::receive
