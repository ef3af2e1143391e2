#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "job_rows.h"
#include "snapferry/core/report/run_report.h"

/// The table of the runs, each as a report of it.
namespace snapferry::sys::history {

/// What a run knows of the newest backup, as it stands in newest_state.
enum NewestState : int { newest_not_asked = 0, newest_nothing_there = 1, newest_named = 2 };

/// `rest`: what follows WHERE, with a question mark for each of the numbers that are bound; NULL
/// for one that is none. Without their kept lists (see kept_of).
std::vector<RunReport> runs_where(SQLite::Database& database, std::string_view rest,
                                  std::initializer_list<std::optional<std::int64_t>> numbers);

void insert_run(SQLite::Database& database, JobId job, const RunReport& report);

/// Where a job has more than `most`: those that had nothing to send go first, then the oldest; what
/// history_of() tells of successes and backups stays.
void drop_runs_beyond(SQLite::Database& database, JobId job, std::size_t most);

}  // namespace snapferry::sys::history
