#pragma once

#include <string>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/sys/machine/screen.h"

/// What `snapferry status` and `snapferry history` show.
namespace snapferry::admin {

/// A line a job, and below them what went wrong in each last run that failed.
std::string status_text(const std::vector<JobState>& states, WallTime now,
                        const sys::Screen& screen);

/// The same and more, as one JSON object. Names as they are, not escaped.
std::string status_json(const std::vector<JobState>& states, WallTime now);

/// A line a run, in the order given.
std::string history_text(const std::vector<RunReport>& runs, const sys::Screen& screen);

/// One JSON object.
std::string history_json(const std::vector<RunReport>& runs);

/// "3 d 4 h"; what is yet to come is "0 s" old.
std::string age_text(std::chrono::seconds age);

/// As duration_text, and milliseconds where it is less than ten seconds: "1.3 s".
std::string run_duration_text(std::chrono::milliseconds duration);

}  // namespace snapferry::admin
