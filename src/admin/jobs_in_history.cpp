#include "snapferry/admin/jobs_in_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/history.h"

namespace snapferry::admin {
namespace {

std::vector<JobState> states_in(const std::vector<NamedJob>& configured,
                                const std::optional<sys::History>& store) {
    return job_states(configured, store ? store->newest_of_each_job() : std::vector<JobHistory>{});
}

/// In the history it may still be under what an earlier version has noted.
const JobIdentity& key_of(const JobState& state) {
    return state.history ? state.history->last_run.identity : state.identity;
}

const JobState* find_label(const std::vector<JobState>& states, const std::string& label) {
    const auto found = std::find_if(states.begin(), states.end(),
                                    [&](const JobState& state) { return state.job == label; });
    return found == states.end() ? nullptr : &*found;
}

/// Each run under what its job is called now.
void relabel(std::vector<RunReport>& runs, const std::vector<JobState>& states) {
    for (auto& run : runs) {
        const auto found = std::find_if(states.begin(), states.end(), [&](const JobState& state) {
            return key_of(state) == run.identity;
        });
        if (found != states.end()) {
            run.job = found->job;
        }
    }
}

/// Nothing where a single job, or none, is meant by it.
void refuse_ambiguous(const std::vector<JobState>& states, const std::string& name) {
    std::string labels;
    for (const auto& state : states) {
        if (state.job.starts_with(name + " (")) {
            labels += fmt::format("{}\"{}\"", labels.empty() ? "" : ", ", escape_text(state.job));
        }
    }
    if (!labels.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("several jobs are called {}", escape_text(name)),
                      "name one of " + labels);
    }
}

}  // namespace

std::vector<JobState> look_at_jobs(const std::vector<NamedJob>& configured,
                                   const std::filesystem::path& history) {
    return states_in(configured, sys::History::open_existing(history));
}

std::vector<JobReport> with_runs(const std::vector<JobState>& states,
                                 const std::filesystem::path& history) {
    std::vector<JobReport> reports;
    reports.reserve(states.size());
    const auto store = sys::History::open_existing(history);
    for (const auto& state : states) {
        auto runs = store ? store->runs(key_of(state), sys::History::most_runs_of_a_job)
                          : std::vector<RunReport>{};
        reports.push_back({state, std::move(runs)});
    }
    return reports;
}

std::vector<RunReport> last_runs(const std::vector<NamedJob>& configured,
                                 const std::filesystem::path& history,
                                 const std::optional<std::string>& job, std::size_t limit) {
    const auto store = sys::History::open_existing(history);
    if (!store) {
        return {};
    }
    const auto states = states_in(configured, store);
    const auto* const chosen = job ? find_label(states, *job) : nullptr;
    if (job && chosen == nullptr) {
        refuse_ambiguous(states, *job);
        return {};
    }
    auto runs =
        store->runs(chosen == nullptr ? std::nullopt : std::optional(key_of(*chosen)), limit);
    relabel(runs, states);
    return runs;
}

std::size_t forget_job(const std::vector<NamedJob>& configured,
                       const std::filesystem::path& history, const std::string& job) {
    auto store = sys::History::open_existing(history);
    const auto states = states_in(configured, store);
    const auto* const chosen = find_label(states, job);
    if (chosen == nullptr) {
        refuse_ambiguous(states, job);
    }
    return store && chosen != nullptr ? store->forget(key_of(*chosen)) : 0;
}

}  // namespace snapferry::admin
