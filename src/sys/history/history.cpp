#include "snapferry/sys/history.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "form.h"
#include "snapferry/core/check/receiver_word_json.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

using history::told;

constexpr int newest_not_asked = 0;
constexpr int newest_nothing_there = 1;
constexpr int newest_named = 2;

/// In the order of report_in().
constexpr std::string_view runs_of_jobs =
    "SELECT run, job.name, snapshot_dir, source_tag, host, port, dest_tag, started, duration, "
    "outcome, error, snapshot, parent, stream_bytes, wire_bytes, newest_state, newest, "
    "newest_taken, receiver_free_bytes, nested FROM run JOIN job ON job.id = run.job";

WallTime time_of(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

constexpr std::string_view between_paths = "//";  // which no path holds

/// No more than a person would read: a machine may have thousands.
std::string text_of_paths(const std::vector<std::string>& paths) {
    constexpr std::size_t most = 100;
    std::string text;
    for (std::size_t index = 0; index < paths.size() && index < most; ++index) {
        text += (text.empty() ? "" : std::string(between_paths)) + paths[index];
    }
    return text;
}

std::vector<std::string> paths_in(std::string_view text) {
    std::vector<std::string> paths;
    while (!text.empty()) {
        const auto end = std::min(text.find(between_paths), text.size());
        paths.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + between_paths.size()));
    }
    return paths;
}

RunReport report_in(SQLite::Statement& row) {
    int column = 0;
    const auto text = [&] { return row.getColumn(column++).getString(); };
    const auto number = [&] { return row.getColumn(column++).getInt64(); };
    const auto optional_number = [&] {
        return row.isColumnNull(column++) ? std::nullopt
                                          : std::optional(row.getColumn(column - 1).getInt64());
    };
    RunReport report;
    report.run = text();
    report.job = text();
    auto& identity = report.identity;
    identity.snapshot_dir = text();
    identity.source_tag = text();
    identity.host = text();
    identity.port = static_cast<unsigned>(number());
    identity.dest_tag = text();
    report.started = time_of(number());
    report.duration = std::chrono::milliseconds(number());
    report.outcome = static_cast<ExitCode>(number());
    report.error = text();
    report.snapshot = text();
    report.parent = text();
    report.stream_bytes = static_cast<std::uint64_t>(number());
    report.wire_bytes = static_cast<std::uint64_t>(number());
    const auto state = number();
    const auto newest = text();
    const auto taken = optional_number();
    if (state == newest_nothing_there) {
        report.newest = NothingThere{};
    } else if (state == newest_named) {
        report.newest = DurableSnapshot{newest, taken ? time_of(*taken) : report.started};
    }
    if (const auto free = optional_number()) {
        report.receiver_free_bytes = static_cast<std::uint64_t>(*free);
    }
    report.nested = paths_in(text());
    return report;
}

using JobId = std::int64_t;

void bind(SQLite::Statement& statement, int from, const JobIdentity& identity) {
    statement.bind(from, identity.host);
    statement.bind(from + 1, static_cast<std::int64_t>(identity.port));
    statement.bind(from + 2, identity.dest_tag);
    statement.bind(from + 3, identity.snapshot_dir);
    statement.bind(from + 4, identity.source_tag);
}

std::optional<JobId> find_job(SQLite::Database& database, const JobIdentity& identity) {
    SQLite::Statement row(database,
                          "SELECT id FROM job WHERE host = ?1 AND port = ?2 AND dest_tag = ?3 AND "
                          "snapshot_dir = ?4 AND source_tag = ?5");
    bind(row, 1, identity);
    return row.executeStep() ? std::optional(row.getColumn(0).getInt64()) : std::nullopt;
}

/// What an earlier version has written of it.
std::optional<JobId> find_former(SQLite::Database& database, const JobIdentity& identity) {
    return find_job(database, JobIdentity{"", "", identity.host, 0, identity.dest_tag});
}

void write_job(SQLite::Database& database, std::optional<JobId> id, const RunReport& report) {
    SQLite::Statement row(database,
                          id ? "UPDATE job SET name = ?1, host = ?2, port = ?3, dest_tag = ?4, "
                               "snapshot_dir = ?5, source_tag = ?6 WHERE id = ?7"
                             : "INSERT INTO job (name, host, port, dest_tag, snapshot_dir, "
                               "source_tag) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    row.bind(1, report.job);
    bind(row, 2, report.identity);
    if (id) {
        row.bind(7, *id);
    }
    row.exec();
}

/// Of the run's job, which is made where there is none, and gets the name that it has now.
JobId job_of(SQLite::Database& database, const RunReport& report) {
    auto id = find_job(database, report.identity);
    if (!id) {
        id = find_former(database, report.identity);
    }
    write_job(database, id, report);
    return id ? *id : database.getLastInsertRowid();
}

void insert(SQLite::Database& database, JobId job, const RunReport& report) {
    SQLite::Statement row(
        database,
        "INSERT INTO run (run, job, started, duration, outcome, error, snapshot, "
        "parent, stream_bytes, wire_bytes, newest_state, newest, newest_taken, "
        "receiver_free_bytes, nested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?)");
    int column = 0;
    const auto text = [&](const std::string& value) { row.bind(++column, value); };
    const auto number = [&](auto value) { row.bind(++column, static_cast<std::int64_t>(value)); };
    const auto nothing = [&] { row.bind(++column); };
    text(report.run);
    number(job);
    number(report.started.time_since_epoch().count());
    number(report.duration.count());
    number(report.outcome);
    text(report.error);
    text(report.snapshot);
    text(report.parent);
    number(report.stream_bytes);
    number(report.wire_bytes);
    if (const auto* const newest = report.newest.snapshot()) {
        number(newest_named);
        text(newest->name);
        number(newest->taken.time_since_epoch().count());
    } else {
        number(report.newest.is_known() ? newest_nothing_there : newest_not_asked);
        text("");
        nothing();
    }
    if (report.receiver_free_bytes) {
        number(*report.receiver_free_bytes);
    } else {
        nothing();
    }
    text(text_of_paths(report.nested));
    row.exec();
}

void execute_for(SQLite::Database& database, const char* statement, JobId job) {
    SQLite::Statement row(database, statement);
    row.bind(1, job);
    row.exec();
}

void replace_kept(SQLite::Database& database, JobId job, const RunReport& report) {
    if (!report.kept) {  // the receiver did not say
        return;
    }
    execute_for(database, "DELETE FROM kept WHERE job = ?", job);
    execute_for(database, "UPDATE job SET kept_is_known = 1 WHERE id = ?", job);
    SQLite::Statement row(database, "INSERT INTO kept (job, position, name) VALUES (?, ?, ?)");
    std::int64_t position = 0;
    for (const auto& name : *report.kept) {
        row.bind(1, job);
        row.bind(2, position++);
        row.bind(3, name);
        row.exec();
        row.reset();
    }
}

void note_word(SQLite::Database& database, JobId job, const RunReport& report) {
    if (!report.receiver_word) {
        return;
    }
    SQLite::Statement row(database, "UPDATE job SET receiver_word = ?, word_said = ? WHERE id = ?");
    row.bind(1, word_text(*report.receiver_word));
    row.bind(2, static_cast<std::int64_t>(
                    (report.started + report.duration).time_since_epoch().count()));
    row.bind(3, job);
    row.exec();
}

void drop_beyond(SQLite::Database& database, JobId job, std::size_t most) {
    SQLite::Statement counting(database, "SELECT COUNT(*) FROM run WHERE job = ?");
    counting.bind(1, job);
    counting.executeStep();
    const auto surplus = counting.getColumn(0).getInt64() - static_cast<std::int64_t>(most);
    if (surplus <= 0) {
        return;
    }
    SQLite::Statement drop(database, R"(
        DELETE FROM run WHERE id IN (
            SELECT id FROM run WHERE job = ?1
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1)
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1 AND outcome = 0)
                AND id IS NOT (SELECT MAX(id) FROM run
                               WHERE job = ?1 AND outcome = 0 AND stream_bytes > 0)
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1 AND newest_state <> 0)
            ORDER BY outcome <> 0 OR stream_bytes > 0, id LIMIT ?2))");
    drop.bind(1, job);
    drop.bind(2, surplus);
    drop.exec();
}

/// The last run of a job for which `condition` is true. By the order in which they ended and not
/// by their times: the clock may have been set back.
std::optional<RunReport> last_run(SQLite::Database& database, JobId job,
                                  std::string_view condition) {
    SQLite::Statement row(database,
                          fmt::format("{} WHERE run.job = ? AND ({}) ORDER BY run.id DESC LIMIT 1",
                                      runs_of_jobs, condition));
    row.bind(1, job);
    return row.executeStep() ? std::optional(report_in(row)) : std::nullopt;
}

std::optional<std::vector<std::string>> kept_of(SQLite::Database& database, JobId job) {
    SQLite::Statement known(database, "SELECT kept_is_known FROM job WHERE id = ?");
    known.bind(1, job);
    if (!known.executeStep() || known.getColumn(0).getInt() == 0) {
        return std::nullopt;
    }
    std::vector<std::string> kept;
    SQLite::Statement row(database, "SELECT name FROM kept WHERE job = ? ORDER BY position");
    row.bind(1, job);
    while (row.executeStep()) {
        kept.push_back(row.getColumn(0).getString());
    }
    return kept;
}

/// Of a job, the newest first; those that sent nothing tell nothing.
std::vector<RunReport> sends_of(SQLite::Database& database, JobId job) {
    SQLite::Statement row(
        database, fmt::format("{} WHERE run.job = ? AND run.snapshot <> '' ORDER BY run.id DESC",
                              runs_of_jobs));
    row.bind(1, job);
    std::vector<RunReport> sends;
    while (row.executeStep()) {
        sends.push_back(report_in(row));
    }
    return sends;
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

void read_word(SQLite::Database& database, JobId job, JobHistory& history) {
    SQLite::Statement row(database, "SELECT receiver_word, word_said FROM job WHERE id = ?");
    row.bind(1, job);
    if (row.executeStep()) {
        history.receiver_word = parse_word(row.getColumn(0).getString());
        history.word_said = time_of(row.getColumn(1).getInt64());
    }
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
    history.small_full_send = small_full_send(sends_of(database, job));
    history.failing_since = failing_since(database, job);
    history.taken = times_of_backups(database, job);
    read_word(database, job, history);
    if (const auto run = last_run(database, job, "receiver_free_bytes IS NOT NULL")) {
        history.receiver_free_bytes = run->receiver_free_bytes;
    }
    return history;
}

}  // namespace

std::filesystem::path history_file(const std::filesystem::path& state_dir) {
    return state_dir / "history.db";
}

History::History(std::filesystem::path file, std::unique_ptr<SQLite::Database> database)
    : file_(std::move(file)), database_(std::move(database)) {}

History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

History History::open(const std::filesystem::path& file) {
    history::make_file(file);
    return {file, history::open_database(file)};
}

std::optional<History> History::open_existing(const std::filesystem::path& file) {
    if (!is_there(file)) {
        return std::nullopt;
    }
    return History(file, history::open_database(file));
}

void History::add(const RunReport& report, std::size_t most_runs) {
    told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        const auto job = job_of(*database_, report);
        insert(*database_, job, report);
        replace_kept(*database_, job, report);
        note_word(*database_, job, report);
        drop_beyond(*database_, job, most_runs);
        change.commit();
    });
}

std::vector<RunReport> History::runs(const std::optional<JobIdentity>& job,
                                     std::size_t limit) const {
    return told(file_, "read", [&] {
        const auto id = job ? find_job(*database_, *job) : std::nullopt;
        std::vector<RunReport> found;
        if (job && !id) {
            return found;
        }
        SQLite::Statement row(*database_, fmt::format("{} WHERE ?1 IS NULL OR run.job = ?1 "
                                                      "ORDER BY run.id DESC LIMIT ?2",
                                                      runs_of_jobs));
        if (id) {
            row.bind(1, *id);
        }
        row.bind(2, static_cast<std::int64_t>(limit));
        while (row.executeStep()) {
            found.push_back(report_in(row));
        }
        return found;
    });
}

std::optional<JobHistory> History::newest_of(const JobIdentity& job) const {
    return told(file_, "read", [&]() -> std::optional<JobHistory> {
        const SQLite::Transaction at_one_moment(*database_);
        const auto id = find_job(*database_, job);
        if (!id || !last_run(*database_, *id, "1")) {
            return std::nullopt;
        }
        return history_of(*database_, *id);
    });
}

std::vector<JobHistory> History::newest_of_each_job() const {
    return told(file_, "read", [&] {
        const SQLite::Transaction at_one_moment(*database_);
        std::vector<JobHistory> found;
        SQLite::Statement row(*database_,
                              "SELECT id FROM job WHERE id IN (SELECT job FROM run) "
                              "ORDER BY name, host, port, dest_tag, snapshot_dir, source_tag");
        while (row.executeStep()) {
            found.push_back(history_of(*database_, row.getColumn(0).getInt64()));
        }
        return found;
    });
}

std::size_t History::forget(const JobIdentity& job) {
    return told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        const auto id = find_job(*database_, job);
        if (!id) {
            return std::size_t{0};
        }
        SQLite::Statement drop(*database_, "DELETE FROM run WHERE job = ?");
        drop.bind(1, *id);
        const auto count = drop.exec();
        execute_for(*database_, "DELETE FROM kept WHERE job = ?", *id);
        execute_for(*database_, "DELETE FROM job WHERE id = ?", *id);
        change.commit();
        return static_cast<std::size_t>(count);
    });
}

}  // namespace snapferry::sys
