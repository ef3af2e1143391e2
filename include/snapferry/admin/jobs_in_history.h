#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/admin/report/series.h"

namespace snapferry::admin {

/// The configured jobs and what the history in this file knows; it need not be there.
std::vector<JobState> look_at_jobs(const std::vector<NamedJob>& configured,
                                   const std::filesystem::path& history);

/// These with all of their runs.
std::vector<JobReport> with_runs(const std::vector<JobState>& states,
                                 const std::filesystem::path& history);

/// The last runs of a job, or of all, the newest first, each under the name that its job is called
/// by now. `job` is such a name; nothing is found where no job is called that.
std::vector<RunReport> last_runs(const std::vector<NamedJob>& configured,
                                 const std::filesystem::path& history,
                                 const std::optional<std::string>& job, std::size_t limit);

/// Removes a job, by such a name, from the history; returns how many runs there were. Throws
/// Failure (configuration) where several have the name, and what to call them is longer.
std::size_t forget_job(const std::vector<NamedJob>& configured,
                       const std::filesystem::path& history, const std::string& job);

}  // namespace snapferry::admin
