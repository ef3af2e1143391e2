#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/plan/schedule.h"
#include "snapferry/core/report/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// The daemon's jobs, and when each is due. It looks into their directories, and runs nothing.
class Roster {
  public:
    using Time = Agenda::Time;

    explicit Roster(Log& log) : log_(log) {}

    /// From now on these. A job that is as it was keeps its place; one that is new or has changed
    /// is due at once.
    void set(const std::vector<Job>& jobs, Time now);

    /// Something has happened in these directories.
    void note_changes(const std::set<std::filesystem::path>& directories, Time now);

    /// Looks for snapshots that no event has told of, where it is time for that.
    void look_around(Time now);

    /// The jobs that are due and not running, the longest due first.
    [[nodiscard]] std::vector<std::shared_ptr<const Job>> due(Time now) const;

    void began(const Job& job);
    void ended(const RunReport& report, Time now);

    /// A job whose newest backup is older than it may be.
    struct Stale {
        std::shared_ptr<const Job> job;
        std::chrono::seconds age;
    };

    /// Those that nobody was told of yet, or not since yesterday: a run tells of it itself, but
    /// where nothing new is made there is none.
    [[nodiscard]] std::vector<Stale> take_stale(Time now);

    /// When to come back at the latest, if nothing happens before; nothing: whenever.
    [[nodiscard]] std::optional<Time> next_time() const;

    [[nodiscard]] std::set<std::filesystem::path> directories() const;

    /// "next: home in 3 h (its time has come)".
    [[nodiscard]] std::string next_text(Time now) const;

  private:
    struct Entry {
        std::shared_ptr<const Job> job;
        Agenda agenda;
        std::string newest_seen;  ///< the name of the newest snapshot, when it was last looked
        std::optional<Time> look_at;
        bool running = false;
        std::optional<Time> newest_taken{};  ///< when the newest backup was made
        std::optional<Time> stale_told{};
        bool missing = false;  ///< its directory, when it was last looked
    };

    Entry* find(const std::string& name);
    void look(Entry& entry, Time now);
    static void plan_calendar(Entry& entry);
    static std::optional<Time> stale_from(const Entry& entry);

    Log& log_;
    std::vector<Entry> entries_;
    Time look_around_at_{};
};

}  // namespace snapferry::send
