#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "job_rows.h"
#include "snapferry/core/report/job_history.h"

namespace snapferry::sys::history {

bool has_runs(SQLite::Database& database, JobId job);

/// What all runs of a job that has runs come to. Asks several times: within a transaction all of it
/// is of one moment.
JobHistory history_of(SQLite::Database& database, JobId job);

}  // namespace snapferry::sys::history
