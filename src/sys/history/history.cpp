#include "snapferry/sys/history.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <utility>

#include "form.h"
#include "job_rows.h"
#include "job_story.h"
#include "run_rows.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {

using history::told;

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
        const auto job = history::job_of(*database_, report);
        history::insert_run(*database_, job, report);
        history::replace_kept(*database_, job, report);
        history::note_word(*database_, job, report);
        history::note_newest(*database_, job, {});
        history::drop_runs_beyond(*database_, job, most_runs);
        change.commit();
    });
}

void History::note_newest(const RunReport& report) {
    told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        const auto job = history::find_job(*database_, report.identity);
        if (!job || !history::has_runs(*database_, *job) ||
            history::history_of(*database_, *job).newest == report.newest) {
            return;
        }
        history::note_newest(*database_, *job, report.newest);
        change.commit();
    });
}

std::vector<RunReport> History::runs(const std::optional<JobIdentity>& job,
                                     std::size_t limit) const {
    return told(file_, "read", [&] {
        const auto id = job ? history::find_job(*database_, *job) : std::nullopt;
        if (job && !id) {
            return std::vector<RunReport>{};
        }
        return history::runs_where(*database_,
                                   "?1 IS NULL OR run.job = ?1 ORDER BY run.id DESC LIMIT ?2",
                                   {id, static_cast<std::int64_t>(limit)});
    });
}

std::optional<JobHistory> History::newest_of(const JobIdentity& job) const {
    return told(file_, "read", [&]() -> std::optional<JobHistory> {
        const SQLite::Transaction at_one_moment(*database_);
        const auto id = history::find_job(*database_, job);
        if (!id || !history::has_runs(*database_, *id)) {
            return std::nullopt;
        }
        return history::history_of(*database_, *id);
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
            found.push_back(history::history_of(*database_, row.getColumn(0).getInt64()));
        }
        return found;
    });
}

std::size_t History::forget(const JobIdentity& job) {
    return told(file_, "write", [&] {
        SQLite::Transaction change(*database_, SQLite::TransactionBehavior::IMMEDIATE);
        const auto id = history::find_job(*database_, job);
        if (!id) {
            return std::size_t{0};
        }
        SQLite::Statement drop(*database_, "DELETE FROM run WHERE job = ?");
        drop.bind(1, *id);
        const auto count = drop.exec();
        history::drop_job(*database_, *id);
        change.commit();
        return static_cast<std::size_t>(count);
    });
}

}  // namespace snapferry::sys
