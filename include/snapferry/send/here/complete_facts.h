#pragma once

#include <chrono>
#include <optional>

#include "snapferry/core/status/job_facts.h"

namespace snapferry::send {

/// What neither the job's name nor its history tell: how old its newest backup may be (`max_age`
/// where that is configured, see allowed_age_of), whether it is paused, and whether a run is under
/// way.
void complete(JobFacts& job, const std::optional<std::chrono::seconds>& max_age);

}  // namespace snapferry::send
