#include "snapferry/admin/job_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace snapferry::admin {

std::vector<JobState> job_states(const std::vector<std::string>& configured,
                                 const std::vector<JobHistory>& known) {
    std::map<std::string, JobState> states;
    for (const auto& job : configured) {
        states[job] = {job, true, std::nullopt};
    }
    for (const auto& history : known) {
        auto& state = states[history.last_run.job];
        state.job = history.last_run.job;
        state.history = history;
    }
    std::vector<JobState> in_order;
    in_order.reserve(states.size());
    for (auto& [job, state] : states) {
        in_order.push_back(std::move(state));
    }
    return in_order;
}

std::optional<std::chrono::seconds> age_of_newest(const JobState& state, WallTime now) {
    if (!state.history || !state.history->newest) {
        return std::nullopt;
    }
    return std::chrono::floor<std::chrono::seconds>(now - state.history->newest->taken);
}

bool last_run_failed(const JobState& state) {
    return state.history && state.history->last_run.outcome != ExitCode::done;
}

std::string outcome_text(ExitCode outcome) {
    return outcome == ExitCode::done ? "ok" : fmt::format("failed ({})", static_cast<int>(outcome));
}

std::string meaning_of(ExitCode outcome) {
    const auto* const entry =
        std::find_if(exit_code_meanings.begin(), exit_code_meanings.end(),
                     [&](const ExitCodeMeaning& meaning) { return meaning.code == outcome; });
    return entry == exit_code_meanings.end()
               ? fmt::format("exit code {}", static_cast<int>(outcome))
               : std::string(entry->meaning);
}

}  // namespace snapferry::admin
