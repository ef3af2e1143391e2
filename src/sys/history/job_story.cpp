#include "job_story.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "run_rows.h"
#include "snapferry/core/time/milliseconds.h"

namespace snapferry::sys::history {
namespace {

/// The last run of a job for which `condition` is true. By the order in which they ended and not
/// by their times: the clock may have been set back.
std::optional<RunReport> last_run(SQLite::Database& database, JobId job,
                                  std::string_view condition) {
    const auto rest = fmt::format("run.job = ? AND ({}) ORDER BY run.id DESC LIMIT 1", condition);
    const auto runs = runs_where(database, rest, {job});
    return runs.empty() ? std::nullopt : std::optional(runs.front());
}

/// The newest first; those that sent nothing tell nothing.
std::vector<RunReport> sends_of(SQLite::Database& database, JobId job) {
    return runs_where(database, "run.job = ? AND run.snapshot <> '' ORDER BY run.id DESC", {job});
}

/// The first failure since the last good run.
std::optional<WallTime> failing_since(SQLite::Database& database, JobId job) {
    SQLite::Statement row(
        database,
        "SELECT started FROM run WHERE job = ?1 AND outcome <> 0 AND id > COALESCE((SELECT MAX(id) "
        "FROM run WHERE job = ?1 AND outcome = 0), 0) ORDER BY id LIMIT 1");
    row.bind(1, job);
    return row.executeStep() ? std::optional(time_of(row.getColumn(0).getInt64())) : std::nullopt;
}

/// When the backups were taken that the runs have told of.
std::vector<WallTime> times_of_backups(SQLite::Database& database, JobId job) {
    constexpr std::int64_t most = 1000;
    SQLite::Statement row(
        database,
        "SELECT DISTINCT newest_taken FROM run WHERE job = ?1 AND newest_state = ?2 AND "
        "newest_taken IS NOT NULL ORDER BY newest_taken DESC LIMIT ?3");
    row.bind(1, job);
    row.bind(2, newest_named);
    row.bind(3, most);
    std::vector<WallTime> times;
    while (row.executeStep()) {
        times.push_back(time_of(row.getColumn(0).getInt64()));
    }
    return times;
}

}  // namespace

bool has_runs(SQLite::Database& database, JobId job) {
    return last_run(database, job, "1").has_value();
}

JobHistory history_of(SQLite::Database& database, JobId job) {
    JobHistory history;
    history.last_run = last_run(database, job, "1").value_or(RunReport{});
    history.last_success = last_run(database, job, "outcome = 0");
    history.last_send = last_run(database, job, "outcome = 0 AND stream_bytes > 0");
    history.last_failure = last_run(database, job, "outcome <> 0");
    if (const auto run = last_run(database, job, "newest_state <> 0")) {
        history.newest = run->newest;
    }
    history.kept = kept_of(database, job);
    if (auto said = said_newest(database, job); said.is_known()) {
        history.kept = said.is_nothing() ? std::optional(std::vector<std::string>{}) : history.kept;
        history.newest = std::move(said);
    }
    history.small_full_send = small_full_send(sends_of(database, job));
    history.failing_since = failing_since(database, job);
    history.taken = times_of_backups(database, job);
    read_word(database, job, history);
    if (const auto run = last_run(database, job, "receiver_free_bytes IS NOT NULL")) {
        history.receiver_free_bytes = run->receiver_free_bytes;
    }
    return history;
}

}  // namespace snapferry::sys::history
