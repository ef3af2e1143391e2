#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/report/job_history.h"
#include "snapferry/core/report/run_report.h"

namespace SQLite {
class Database;
}

namespace snapferry::sys {

inline constexpr auto state_directory = "/var/lib/snapferry";

/// The file of the history in a state directory.
std::filesystem::path history_file(const std::filesystem::path& state_dir);

/// What the runs of all jobs came to, in a SQLite database that several programs may use at once.
/// A job is known by its identity; of what an earlier version has written host and tag alone are
/// known, with port 0. Whatever is wrong with it is a Failure (configuration) that names the file.
/// One thread at a time for each object; any number of objects and processes for a file.
class History {
  public:
    static constexpr std::size_t most_runs_of_a_job = 5000;

    /// Makes the file (0600), and its directory (0700), where they are missing.
    static History open(const std::filesystem::path& file);

    /// Nothing where there is no such file. Failure (not_root) where only root may look at it.
    static std::optional<History> open_existing(const std::filesystem::path& file);

    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    /// Adds a run to those of its job, by the job's identity: the job is called what the run calls
    /// it. What an earlier version wrote of its host and tag becomes its own. Beyond `most_runs` of
    /// its job, those that had nothing to send go first, then the oldest; what newest_of_each_job()
    /// tells of successes and backups always stays.
    void add(const RunReport& report, std::size_t most_runs = most_runs_of_a_job);

    /// What a receiver has said, at the begin of a run, to be the newest that it has (`newest` of
    /// the report): it counts until a run of the job is added. Where that is known already, or no
    /// run of the job is, nothing is written.
    void note_newest(const RunReport& report);

    /// The newest first; of one job or of all. Without their kept lists: only the last one of each
    /// job is stored (see newest_of_each_job).
    [[nodiscard]] std::vector<RunReport> runs(const std::optional<JobIdentity>& job,
                                              std::size_t limit) const;

    /// Of one job; nothing where it has no runs.
    [[nodiscard]] std::optional<JobHistory> newest_of(const JobIdentity& job) const;

    /// In the order of the jobs' names.
    [[nodiscard]] std::vector<JobHistory> newest_of_each_job() const;

    /// Removes all runs of a job; returns how many there were.
    std::size_t forget(const JobIdentity& job);

  private:
    History(std::filesystem::path file, std::unique_ptr<SQLite::Database> database);

    std::filesystem::path file_;
    std::unique_ptr<SQLite::Database> database_;
};

}  // namespace snapferry::sys
