#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/job_labels.h"
#include "snapferry/core/report/job_history.h"

namespace snapferry::admin {

/// A job that is configured, or that has run, or both.
struct JobState {
    std::string job;  ///< what to call it: see labels_of
    bool configured = false;
    std::optional<JobHistory> history{};  ///< nothing where it never ran
    JobIdentity identity{};
    std::string paused{};  ///< since when, and why; empty where it is not
};

/// The configured jobs and those that the history knows besides, in the order of their names. They
/// are the same where their identities are; a job is called what it is called in the configuration.
std::vector<JobState> job_states(const std::vector<NamedJob>& configured,
                                 const std::vector<JobHistory>& known);

/// How old the newest backup is: by when its snapshot was taken, for that is how much would be
/// lost. Negative where the clock says that it is yet to come.
std::optional<std::chrono::seconds> age_of_newest(const JobState& state, WallTime now);

/// The receiver was asked, and has none that was sent from here.
bool has_nothing_there(const JobState& state);

/// Whether the last run went wrong.
bool last_run_failed(const JobState& state);

/// "ok", or "failed (10)" with the exit code.
std::string outcome_text(ExitCode outcome);

/// What the exit code means, in a line.
std::string meaning_of(ExitCode outcome);

}  // namespace snapferry::admin
