#include "snapferry/admin/job_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/name_order.h"

namespace snapferry::admin {

namespace {

/// An earlier version has noted host and tag alone.
bool is_former(const JobIdentity& known, const JobIdentity& job) {
    return !known.is_known() && known.host == job.host && known.dest_tag == job.dest_tag;
}

const JobHistory* find_history(const std::vector<JobHistory>& known, const JobIdentity& job) {
    const auto find = [&](auto is_its) {
        const auto found = std::find_if(known.begin(), known.end(), [&](const JobHistory& one) {
            return is_its(one.last_run.identity);
        });
        return found == known.end() ? nullptr : &*found;
    };
    const auto* const own = find([&](const JobIdentity& one) { return one == job; });
    return own != nullptr ? own : find([&](const JobIdentity& one) { return is_former(one, job); });
}

/// From names to what a person can tell apart.
void label(std::vector<JobState>& states) {
    std::vector<NamedJob> jobs;
    jobs.reserve(states.size());
    for (const auto& state : states) {
        jobs.push_back({state.job, state.identity});
    }
    auto labels = labels_of(jobs);
    for (std::size_t index = 0; index < states.size(); ++index) {
        states[index].job = std::move(labels[index]);
    }
}

}  // namespace

std::vector<JobState> job_states(const std::vector<NamedJob>& configured,
                                 const std::vector<JobHistory>& known) {
    std::vector<JobState> states;
    std::vector<JobIdentity> told;
    for (const auto& job : configured) {
        JobState state{job.name, true, std::nullopt, job.identity};
        if (const auto* const history = find_history(known, job.identity)) {
            state.history = *history;
            told.push_back(history->last_run.identity);
        }
        states.push_back(std::move(state));
    }
    for (const auto& history : known) {
        const auto& run = history.last_run;
        if (std::find(told.begin(), told.end(), run.identity) == told.end()) {
            states.push_back({run.job, false, history, run.identity});
        }
    }
    label(states);
    std::sort(states.begin(), states.end(), [](const JobState& one, const JobState& other) {
        const auto order = order_of_names(one.job, other.job);
        return order != 0 ? order < 0 : one.identity < other.identity;
    });
    return states;
}

std::string outcome_text(ExitCode outcome) {
    return outcome == ExitCode::done ? "ok" : fmt::format("failed ({})", static_cast<int>(outcome));
}

}  // namespace snapferry::admin
