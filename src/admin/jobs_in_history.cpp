#include "snapferry/admin/jobs_in_history.h"

#include "snapferry/sys/history.h"

namespace snapferry::admin {

std::vector<JobState> look_at_jobs(const std::vector<std::string>& configured,
                                   const std::filesystem::path& history) {
    const auto store = sys::History::open_existing(history);
    return job_states(configured, store ? store->newest_of_each_job() : std::vector<JobHistory>{});
}

std::vector<JobReport> look_at_runs(const std::vector<std::string>& configured,
                                    const std::filesystem::path& history) {
    std::vector<JobReport> reports;
    const auto store = sys::History::open_existing(history);
    for (auto& state : look_at_jobs(configured, history)) {
        auto runs = store ? store->runs(state.job, sys::History::most_runs_of_a_job)
                          : std::vector<RunReport>{};
        reports.push_back({std::move(state), std::move(runs)});
    }
    return reports;
}

}  // namespace snapferry::admin
