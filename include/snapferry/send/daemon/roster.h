#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/agenda/agenda.h"
#include "snapferry/core/agenda/job_state.h"
#include "snapferry/core/agenda/stale_watch.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/resume/headway.h"
#include "snapferry/core/status/allowed_age.h"
#include "snapferry/core/time/clock_watch.h"
#include "snapferry/send/daemon/calendars.h"
#include "snapferry/send/daemon/lookout.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// The daemon's jobs, where each is, and when it is due. It looks into their directories, and runs
/// nothing.
class Roster {
  public:
    /// How old the newest backup of a job may be, as is known by now.
    using AgeOf = std::function<AllowedAge(const Job&)>;

    Roster(Calendars::Read read_calendar, AgeOf age_of, Log& log);

    /// From now on these. A job that is as it was keeps its place; one that is new or has changed
    /// is due at once, or as soon as its run by the old settings has ended. What is new is made
    /// beside what there is: this asks nobody, and either all of it is taken or nothing.
    void set(const std::vector<Job>& jobs, const Moment& now);

    /// Something has happened in these directories.
    void note_changes(const std::set<std::filesystem::path>& directories, const Moment& now);

    /// What is to be done from time to time: looks for snapshots that no event has told of, notices
    /// a clock that was set, and asks for the times of one calendar, where it is time for that.
    void tend(const Moment& now);

    /// The jobs that are due and not running, the longest due first.
    [[nodiscard]] std::vector<std::shared_ptr<const Job>> due(const Moment& now) const;

    void began(const Job& job, const Moment& now);

    /// `began_at`: see RunEnd.
    void ended(const RunReport& report, std::uint64_t began_at, const Moment& now);

    /// A job whose newest backup is older than it may be, or from the future: no age then.
    struct Stale {
        std::shared_ptr<const Job> job;
        std::optional<std::chrono::seconds> age;
    };

    /// Those that nobody was told of yet, or not since yesterday: a run tells of it itself, but
    /// where nothing new is made there is none.
    [[nodiscard]] std::vector<Stale> take_stale(const Moment& now);

    /// When to come back at the latest, if nothing happens before; nothing: whenever.
    [[nodiscard]] std::optional<BootTime> next_time(const Moment& now) const;

    [[nodiscard]] std::set<std::filesystem::path> directories() const;

    /// "next: home in 3 h (its time has come)".
    [[nodiscard]] std::string next_text(const Moment& now) const;

  private:
    struct Entry {
        std::shared_ptr<const Job> job;
        Agenda agenda;
        JobState state = JobState::resting;
        Lookout lookout{};
        StaleWatch stale{};
        AllowedAge allowed{};
        Headway headway{};
        std::string busy_with{};  ///< what was said of a run that somebody else kept from sending
    };

    Entry* find(const std::string& name);
    Entry made_of(const Job& job, const Moment& now);
    void look_around(const Moment& now);
    void note_clock(const Moment& now);
    void plan_calendar(Entry& entry, const Moment& now);
    void note_busy(Entry& entry, const RunReport& report, bool is_of_now, const Moment& now);
    void note_end(Entry& entry, const RunReport& report, std::uint64_t began_at, const Moment& now);
    void drop_what_is_gone();
    static std::optional<BootTime> stale_from(const Entry& entry, const Moment& now);

    AgeOf age_of_;
    Log& log_;
    std::vector<Entry> entries_;  ///< also of those that run and are configured no more
    Calendars calendars_;
    ClockWatch clock_;
    BootTime look_around_at_ = BootTime::min();
};

}  // namespace snapferry::send
