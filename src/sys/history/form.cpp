#include "form.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys::history {
namespace {

// SQLite's own journal and not its write-ahead log: there are a few writes a day, and the history
// stays one file that can be copied, and looked at on a disk that is mounted read-only.

constexpr int patience = 10000;  // ms to wait for another program that writes

/// The one at index N leads from version N to N + 1. What has been released is never changed.
/// Of the kept lists only the last of each job is stored: a list of hundreds of names for each of
/// thousands of runs would be most of the file.
constexpr std::array migrations{
    R"(
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
    // What a run belongs to is the whole identity of its job; what the job is called is a label. Of
    // what the form before has, only the host and the tag are known: the first run of a job with
    // that host and that tag takes it over. newest_state: 0 not asked, 1 nothing there, 2 the one
    // that is named.
    R"(
    CREATE TABLE job (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        snapshot_dir TEXT NOT NULL,
        source_tag TEXT NOT NULL,
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        dest_tag TEXT NOT NULL,
        kept_is_known INTEGER NOT NULL DEFAULT 0,
        UNIQUE (host, port, dest_tag, snapshot_dir, source_tag)
    );
    INSERT INTO job (name, snapshot_dir, source_tag, host, port, dest_tag)
        SELECT job, '', '', lower(receiver), 0, dest_tag FROM run
            WHERE id IN (SELECT MAX(id) FROM run GROUP BY lower(receiver), dest_tag) ORDER BY id;
    ALTER TABLE run RENAME TO former_run;
    DROP INDEX run_of_job;
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        job INTEGER NOT NULL,
        started INTEGER NOT NULL,
        duration INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        error TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        parent TEXT NOT NULL,
        stream_bytes INTEGER NOT NULL,
        wire_bytes INTEGER NOT NULL,
        newest_state INTEGER NOT NULL,
        newest TEXT NOT NULL,
        newest_taken INTEGER,
        receiver_free_bytes INTEGER
    );
    INSERT INTO run
        SELECT former_run.id, run, job.id, started, duration, outcome, error, snapshot, parent,
               stream_bytes, wire_bytes, (newest <> '') * 2, newest, newest_taken,
               receiver_free_bytes
            FROM former_run JOIN job
                ON job.host = lower(receiver) AND job.dest_tag = former_run.dest_tag;
    CREATE INDEX run_of_job ON run (job, id);
    ALTER TABLE kept RENAME TO former_kept;
    CREATE TABLE kept (
        job INTEGER NOT NULL,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (job, position)
    ) WITHOUT ROWID;
    CREATE TEMP TABLE last_word (name TEXT PRIMARY KEY, job INTEGER);
    INSERT INTO last_word
        SELECT former_run.job, job.id FROM former_run JOIN job
                ON job.host = lower(receiver) AND job.dest_tag = former_run.dest_tag
            WHERE former_run.id IN (SELECT MAX(id) FROM former_run WHERE outcome = 0 GROUP BY job);
    INSERT OR REPLACE INTO kept
        SELECT last_word.job, position, former_kept.name FROM former_kept JOIN last_word
            ON last_word.name = former_kept.job;
    UPDATE job SET kept_is_known = id IN (SELECT job FROM kept);
    DROP TABLE last_word;
    DROP TABLE former_kept;
    DROP TABLE former_run;
)",
    // Paths, with two slashes between them.
    R"(
    ALTER TABLE run ADD COLUMN nested TEXT NOT NULL DEFAULT '';
)",
    // What the receiver last said of itself, and when.
    R"(
    ALTER TABLE job ADD COLUMN receiver_word TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN word_said INTEGER NOT NULL DEFAULT 0;
)",
    // What the receiver said, at the begin of a run that has not ended yet, to be its newest.
    R"(
    ALTER TABLE job ADD COLUMN said_state INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN said TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN said_taken INTEGER NOT NULL DEFAULT 0;
)"};

std::string shown(const std::filesystem::path& file) {
    return escape_text(file.native());
}

void make_directory(const std::filesystem::path& directory) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        throw system_failure(ExitCode::configuration, "make " + shown(directory));
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

}  // namespace

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

/// Only a new file is opened here: closing an old one would take away the locks that another
/// thread of this program has on it by way of SQLite.
void make_file(const std::filesystem::path& file) {
    make_directory(file.parent_path());
    const UniqueFd made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made && errno != EEXIST) {
        throw system_failure(ExitCode::configuration, "make the history " + shown(file));
    }
}

std::unique_ptr<SQLite::Database> open_database(const std::filesystem::path& file) {
    return told(file, "open", [&] {
        auto database =
            std::make_unique<SQLite::Database>(file.native(), SQLite::OPEN_READWRITE, patience);
        migrate(*database, file);
        return database;
    });
}

}  // namespace snapferry::sys::history
