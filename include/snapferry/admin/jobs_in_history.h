#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/admin/report/series.h"

namespace snapferry::admin {

/// The configured jobs and what the history in this file knows; it need not be there.
std::vector<JobState> look_at_jobs(const std::vector<std::string>& configured,
                                   const std::filesystem::path& history);

/// The same with all of their runs.
std::vector<JobReport> look_at_runs(const std::vector<std::string>& configured,
                                    const std::filesystem::path& history);

}  // namespace snapferry::admin
