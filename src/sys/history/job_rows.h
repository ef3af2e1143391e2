#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/report/job_history.h"
#include "snapferry/core/report/run_report.h"

/// The table of the jobs, and what is stored of each but once: what its receiver keeps and said.
namespace snapferry::sys::history {

using JobId = std::int64_t;

std::optional<JobId> find_job(SQLite::Database& database, const JobIdentity& identity);

/// Of the run's job, which is made where there is none, and gets the name that it has now.
JobId job_of(SQLite::Database& database, const RunReport& report);

/// The job and all that is known of it but its runs.
void drop_job(SQLite::Database& database, JobId job);

/// What the run was told of the names that are kept. Where the receiver did not say, what it said
/// before stands.
void replace_kept(SQLite::Database& database, JobId job, const RunReport& report);

/// Nothing where it was never told.
std::optional<std::vector<std::string>> kept_of(SQLite::Database& database, JobId job);

/// What the run's receiver said of itself, and when: likewise.
void note_word(SQLite::Database& database, JobId job, const RunReport& report);
void read_word(SQLite::Database& database, JobId job, JobHistory& history);

/// What the receiver said at the begin of a run that has not ended yet; not known where none has.
void note_newest(SQLite::Database& database, JobId job, const NewestBackup& newest);
NewestBackup said_newest(SQLite::Database& database, JobId job);

}  // namespace snapferry::sys::history
