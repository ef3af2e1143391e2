#include "job_rows.h"

#include "run_rows.h"
#include "snapferry/core/check/receiver_word_json.h"
#include "snapferry/core/time/milliseconds.h"

namespace snapferry::sys::history {
namespace {

void bind(SQLite::Statement& statement, int from, const JobIdentity& identity) {
    statement.bind(from, identity.host);
    statement.bind(from + 1, static_cast<std::int64_t>(identity.port));
    statement.bind(from + 2, identity.dest_tag);
    statement.bind(from + 3, identity.snapshot_dir);
    statement.bind(from + 4, identity.source_tag);
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

void execute_for(SQLite::Database& database, const char* statement, JobId job) {
    SQLite::Statement row(database, statement);
    row.bind(1, job);
    row.exec();
}

}  // namespace

std::optional<JobId> find_job(SQLite::Database& database, const JobIdentity& identity) {
    SQLite::Statement row(database,
                          "SELECT id FROM job WHERE host = ?1 AND port = ?2 AND dest_tag = ?3 AND "
                          "snapshot_dir = ?4 AND source_tag = ?5");
    bind(row, 1, identity);
    return row.executeStep() ? std::optional(row.getColumn(0).getInt64()) : std::nullopt;
}

JobId job_of(SQLite::Database& database, const RunReport& report) {
    auto id = find_job(database, report.identity);
    if (!id) {
        id = find_former(database, report.identity);
    }
    write_job(database, id, report);
    return id ? *id : database.getLastInsertRowid();
}

void drop_job(SQLite::Database& database, JobId job) {
    execute_for(database, "DELETE FROM kept WHERE job = ?", job);
    execute_for(database, "DELETE FROM job WHERE id = ?", job);
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

void note_word(SQLite::Database& database, JobId job, const RunReport& report) {
    if (!report.receiver_word) {
        return;
    }
    SQLite::Statement row(database, "UPDATE job SET receiver_word = ?, word_said = ? WHERE id = ?");
    row.bind(1, word_text(*report.receiver_word));
    row.bind(2, number_of(report.started + report.duration));
    row.bind(3, job);
    row.exec();
}

void note_newest(SQLite::Database& database, JobId job, const NewestBackup& newest) {
    const auto* const snapshot = newest.snapshot();
    SQLite::Statement row(database,
                          "UPDATE job SET said_state = ?, said = ?, said_taken = ? WHERE id = ?");
    row.bind(1, snapshot != nullptr   ? newest_named
                : newest.is_nothing() ? newest_nothing_there
                                      : newest_not_asked);
    row.bind(2, snapshot != nullptr ? snapshot->name : std::string{});
    row.bind(3, snapshot != nullptr ? number_of(snapshot->taken) : 0);
    row.bind(4, job);
    row.exec();
}

NewestBackup said_newest(SQLite::Database& database, JobId job) {
    SQLite::Statement row(database, "SELECT said_state, said, said_taken FROM job WHERE id = ?");
    row.bind(1, job);
    if (!row.executeStep()) {
        return {};
    }
    const int state = row.getColumn(0).getInt();
    return state == newest_nothing_there ? NewestBackup(NothingThere{})
           : state == newest_named
               ? NewestBackup(DurableSnapshot{row.getColumn(1).getString(),
                                              time_of(row.getColumn(2).getInt64())})
               : NewestBackup{};
}

void read_word(SQLite::Database& database, JobId job, JobHistory& history) {
    SQLite::Statement row(database, "SELECT receiver_word, word_said FROM job WHERE id = ?");
    row.bind(1, job);
    if (row.executeStep()) {
        history.receiver_word = parse_word(row.getColumn(0).getString());
        history.word_said = time_of(row.getColumn(1).getInt64());
    }
}

}  // namespace snapferry::sys::history
