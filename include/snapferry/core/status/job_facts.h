#pragma once

#include <optional>
#include <string>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/report/job_history.h"
#include "snapferry/core/status/allowed_age.h"
#include "snapferry/core/status/under_way.h"

namespace snapferry {

/// What is known of a job that is configured, or that has run, or both.
struct JobFacts {
    std::string job;  ///< what to call it: see labels_of
    bool configured = false;
    std::optional<JobHistory> history{};  ///< nothing where it never ran
    JobIdentity identity{};
    std::string paused{};  ///< since when, and why; empty where it is not
    AllowedAge allowed{};
    std::optional<UnderWay> under_way{};  ///< a run, whoever runs it
    /// Since when the configuration has been as it is; nothing where that was not looked at.
    std::optional<WallTime> configured_since{};
};

}  // namespace snapferry
