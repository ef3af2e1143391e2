#include "snapferry/sys/history.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

// SQLite's own journal and not its write-ahead log: there are a few writes a day, and the history
// stays one file that can be copied, and looked at on a disk that is mounted read-only.

constexpr int patience = 10000;  // ms to wait for another program that writes

/// The one at index N leads from version N to N + 1. What has been released is never changed.
/// Of the kept lists only the last of each job is stored: a list of hundreds of names for each of
/// thousands of runs would be most of the file.
constexpr std::array migrations{R"(
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        job TEXT NOT NULL,
        receiver TEXT NOT NULL,
        dest_tag TEXT NOT NULL,
        started INTEGER NOT NULL,
        duration INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        error TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        parent TEXT NOT NULL,
        stream_bytes INTEGER NOT NULL,
        wire_bytes INTEGER NOT NULL,
        newest TEXT NOT NULL,
        newest_taken INTEGER,
        receiver_free_bytes INTEGER
    );
    CREATE INDEX run_of_job ON run (job, id);
    CREATE TABLE kept (
        job TEXT NOT NULL,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (job, position)
    ) WITHOUT ROWID;
)",
                                // Paths, with two slashes between them.
                                R"(
    ALTER TABLE run ADD COLUMN nested TEXT NOT NULL DEFAULT '';
)"};

constexpr std::string_view columns =
    "run, job, receiver, dest_tag, started, duration, outcome, error, snapshot, parent, "
    "stream_bytes, wire_bytes, newest, newest_taken, receiver_free_bytes, nested";

std::string shown(const std::filesystem::path& file) {
    return escape_text(file.native());
}

std::string hint_for(int code) {
    switch (code) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_ERROR:  // it has other tables than ours
            return "move it away: the next run begins a new one";
        case SQLITE_BUSY:
            return "another program has been writing it for long";
        case SQLITE_FULL:
            return "its disk is full";
        default:
            return "can its directory be written?";
    }
}

/// Runs `work`; what SQLite complains of becomes a Failure.
template <typename Work>
auto told(const std::filesystem::path& file, std::string_view operation, Work work) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("cannot {} the history {}: {}", operation, shown(file), error.what()),
            hint_for(error.getErrorCode()));
    }
}

void make_directory(const std::filesystem::path& directory) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        throw system_failure(ExitCode::configuration, "make " + shown(directory));
    }
}

/// Only a new file is opened here: closing an old one would take away the locks that another
/// thread of this program has on it by way of SQLite.
void make_file(const std::filesystem::path& file) {
    const UniqueFd made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made && errno != EEXIST) {
        throw system_failure(ExitCode::configuration, "make the history " + shown(file));
    }
}

int version_of(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(SQLite::Database& database, const std::filesystem::path& file) {
    constexpr auto known = static_cast<int>(migrations.size());
    if (version_of(database) == known) {
        return;
    }
    SQLite::Transaction change(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = version_of(database);  // again: another program may have been quicker
    if (version < 0 || version > known) {
        throw Failure(ExitCode::configuration,
                      fmt::format("the history {} has the form {}, and this program knows {}",
                                  shown(file), version, known),
                      "use the newer snapferry, or move the file away");
    }
    for (auto step = static_cast<std::size_t>(version); step < migrations.size(); ++step) {
        database.exec(migrations.at(step));
    }
    database.exec(fmt::format("PRAGMA user_version = {}", known));
    change.commit();
}

std::unique_ptr<SQLite::Database> open_database(const std::filesystem::path& file) {
    return told(file, "open", [&] {
        auto database =
            std::make_unique<SQLite::Database>(file.native(), SQLite::OPEN_READWRITE, patience);
        migrate(*database, file);
        return database;
    });
}

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
    report.receiver = text();
    report.dest_tag = text();
    report.started = time_of(number());
    report.duration = std::chrono::milliseconds(number());
    report.outcome = static_cast<ExitCode>(number());
    report.error = text();
    report.snapshot = text();
    report.parent = text();
    report.stream_bytes = static_cast<std::uint64_t>(number());
    report.wire_bytes = static_cast<std::uint64_t>(number());
    report.newest = text();
    if (const auto taken = optional_number()) {
        report.newest_taken = time_of(*taken);
    }
    if (const auto free = optional_number()) {
        report.receiver_free_bytes = static_cast<std::uint64_t>(*free);
    }
    report.nested = paths_in(text());
    return report;
}

void insert(SQLite::Database& database, const RunReport& report) {
    SQLite::Statement row(
        database, fmt::format("INSERT INTO run ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                              "?, ?, ?, ?)",
                              columns));
    int column = 0;
    const auto text = [&](const std::string& value) { row.bind(++column, value); };
    const auto number = [&](auto value) { row.bind(++column, static_cast<std::int64_t>(value)); };
    text(report.run);
    text(report.job);
    text(report.receiver);
    text(report.dest_tag);
    number(report.started.time_since_epoch().count());
    number(report.duration.count());
    number(report.outcome);
    text(report.error);
    text(report.snapshot);
    text(report.parent);
    number(report.stream_bytes);
    number(report.wire_bytes);
    text(report.newest);
    ++column;  // what is not bound is NULL
    if (report.newest_taken) {
        row.bind(column,
                 static_cast<std::int64_t>(report.newest_taken->time_since_epoch().count()));
    }
    ++column;
    if (report.receiver_free_bytes) {
        row.bind(column, static_cast<std::int64_t>(*report.receiver_free_bytes));
    }
    text(text_of_paths(report.nested));
    row.exec();
}

void forget_kept(SQLite::Database& database, const std::string& job) {
    SQLite::Statement old(database, "DELETE FROM kept WHERE job = ?");
    old.bind(1, job);
    old.exec();
}

void replace_kept(SQLite::Database& database, const RunReport& report) {
    if (report.kept.empty()) {  // the receiver did not say
        return;
    }
    forget_kept(database, report.job);
    SQLite::Statement row(database, "INSERT INTO kept (job, position, name) VALUES (?, ?, ?)");
    for (std::size_t position = 0; position < report.kept.size(); ++position) {
        row.bind(1, report.job);
        row.bind(2, static_cast<std::int64_t>(position));
        row.bind(3, report.kept[position]);
        row.exec();
        row.reset();
    }
}

void drop_beyond(SQLite::Database& database, const std::string& job, std::size_t most) {
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
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1 AND newest <> '')
            ORDER BY outcome <> 0 OR stream_bytes > 0, id LIMIT ?2))");
    drop.bind(1, job);
    drop.bind(2, surplus);
    drop.exec();
}

/// The last run of a job for which `condition` is true. By the order in which they ended and not
/// by their times: the clock may have been set back.
std::optional<RunReport> last_run(SQLite::Database& database, const std::string& job,
                                  std::string_view condition) {
    SQLite::Statement row(
        database, fmt::format("SELECT {} FROM run WHERE job = ? AND ({}) ORDER BY id DESC LIMIT 1",
                              columns, condition));
    row.bind(1, job);
    return row.executeStep() ? std::optional(report_in(row)) : std::nullopt;
}

/// Once the rotation has deleted a snapshot, runs know it by a copy that was made later: the
/// earliest time that was told is the true one.
std::optional<DurableSnapshot> newest_backup(SQLite::Database& database, const std::string& job) {
    const auto run = last_run(database, job, "newest <> ''");
    if (!run) {
        return std::nullopt;
    }
    SQLite::Statement row(database,
                          "SELECT MIN(newest_taken) FROM run WHERE job = ? AND newest = ?");
    row.bind(1, job);
    row.bind(2, run->newest);
    const bool is_known = row.executeStep() && !row.isColumnNull(0);
    return DurableSnapshot{run->newest,
                           is_known ? time_of(row.getColumn(0).getInt64()) : run->started};
}

std::vector<std::string> kept_of(SQLite::Database& database, const std::string& job) {
    std::vector<std::string> kept;
    SQLite::Statement row(database, "SELECT name FROM kept WHERE job = ? ORDER BY position");
    row.bind(1, job);
    while (row.executeStep()) {
        kept.push_back(row.getColumn(0).getString());
    }
    return kept;
}

/// Of a job, the newest first; those that sent nothing tell nothing.
std::vector<RunReport> sends_of(SQLite::Database& database, const std::string& job) {
    SQLite::Statement row(
        database,
        fmt::format("SELECT {} FROM run WHERE job = ? AND snapshot <> '' ORDER BY id DESC",
                    columns));
    row.bind(1, job);
    std::vector<RunReport> sends;
    while (row.executeStep()) {
        sends.push_back(report_in(row));
    }
    return sends;
}

JobHistory history_of(SQLite::Database& database, const std::string& job) {
    JobHistory history;
    history.last_run = last_run(database, job, "1").value_or(RunReport{});
    history.last_success = last_run(database, job, "outcome = 0");
    history.last_send = last_run(database, job, "outcome = 0 AND stream_bytes > 0");
    history.last_failure = last_run(database, job, "outcome <> 0");
    history.newest = newest_backup(database, job);
    history.kept = kept_of(database, job);
    history.small_full_send = small_full_send(sends_of(database, job));
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
    make_directory(file.parent_path());
    make_file(file);
    return {file, open_database(file)};
}

std::optional<History> History::open_existing(const std::filesystem::path& file) {
    if (!is_there(file)) {
        return std::nullopt;
    }
    return History(file, open_database(file));
}

void History::add(const RunReport& report, std::size_t most_runs) {
    told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        insert(*database_, report);
        replace_kept(*database_, report);
        drop_beyond(*database_, report.job, most_runs);
        change.commit();
    });
}

std::vector<RunReport> History::runs(const std::optional<std::string>& job,
                                     std::size_t limit) const {
    return told(file_, "read", [&] {
        SQLite::Statement row(*database_,
                              fmt::format("SELECT {} FROM run WHERE ?1 IS NULL OR job = ?1 "
                                          "ORDER BY id DESC LIMIT ?2",
                                          columns));
        if (job) {
            row.bind(1, *job);
        }
        row.bind(2, static_cast<std::int64_t>(limit));
        std::vector<RunReport> found;
        while (row.executeStep()) {
            found.push_back(report_in(row));
        }
        return found;
    });
}

std::vector<JobHistory> History::newest_of_each_job() const {
    return told(file_, "read", [&] {
        const SQLite::Transaction at_one_moment(*database_);
        std::vector<JobHistory> found;
        SQLite::Statement row(*database_, "SELECT DISTINCT job FROM run ORDER BY job");
        while (row.executeStep()) {
            found.push_back(history_of(*database_, row.getColumn(0).getString()));
        }
        return found;
    });
}

std::size_t History::forget(const std::string& job) {
    return told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement drop(*database_, "DELETE FROM run WHERE job = ?");
        drop.bind(1, job);
        const auto count = drop.exec();
        forget_kept(*database_, job);
        change.commit();
        return static_cast<std::size_t>(count);
    });
}

}  // namespace snapferry::sys
