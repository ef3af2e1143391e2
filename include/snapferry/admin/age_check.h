#pragma once

#include <chrono>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/core/report/check.h"

namespace snapferry::admin {

inline constexpr std::chrono::seconds usual_max_age = std::chrono::hours{26};

/// Whether each job's newest backup is young enough, and its last run went well: a finding a job.
/// Critical: too old, or none at all. Warning: the last run failed, or the backup is from the
/// future, which no age can be told from.
std::vector<Finding> check_ages(const std::vector<JobState>& states, std::chrono::seconds max_age,
                                WallTime now);

}  // namespace snapferry::admin
