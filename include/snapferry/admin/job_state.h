#pragma once

#include <string>
#include <vector>

#include "snapferry/core/names/job_labels.h"
#include "snapferry/core/report/job_history.h"
#include "snapferry/core/status/job_facts.h"
#include "snapferry/core/status/job_judgement.h"

namespace snapferry::admin {

using JobState = JobFacts;

/// The configured jobs and those that the history knows besides, in the order of their names. They
/// are the same where their identities are; a job is called what it is called in the configuration.
std::vector<JobState> job_states(const std::vector<NamedJob>& configured,
                                 const std::vector<JobHistory>& known);

/// "ok", or "failed (10)" with the exit code.
std::string outcome_text(ExitCode outcome);

}  // namespace snapferry::admin
