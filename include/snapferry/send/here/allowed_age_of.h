#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/report/newest_backup.h"
#include "snapferry/core/status/allowed_age.h"

namespace snapferry::send {

/// How old the newest backup of a job may be: `max_age` where it is configured, else as its backups
/// were `taken`, else, while those are too few, as the names of its snapshots here tell.
AllowedAge allowed_age_of(const JobIdentity& job,
                          const std::optional<std::chrono::seconds>& max_age,
                          const std::vector<WallTime>& taken);

}  // namespace snapferry::send
