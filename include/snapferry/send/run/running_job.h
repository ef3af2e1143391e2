#pragma once

#include <optional>
#include <set>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/attempts.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/report/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/send/here/local_view.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/sender_memory.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/line.h"

namespace snapferry::send {

/// A job while it is run: what the exchanges of one run with the receiver share.
class RunningJob {
  public:
    /// See JobRun.
    RunningJob(const Job& of, const RunOptions& asked, Line& to, Log& into, JobProgress& at,
               RunReport& comes_to);
    ~RunningJob() = default;
    RunningJob(const RunningJob&) = delete;
    RunningJob& operator=(const RunningJob&) = delete;

    /// Says a line of the log that would otherwise be said in every exchange of the run.
    void tell_once(Severity severity, const std::string& words);

    /// What is to be read for the stream of a snapshot: its pin, made now where the job pins.
    LocalSnapshot pinned_where_wanted(const LocalSnapshot& snapshot);

    /// For the report: what is being sent.
    void note_beginning(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);

    /// Remembers that it failed, where that says something about what was sent. True where it does.
    bool holds_against(const Attempt& attempt, const Failure& failure);

    /// It has just arrived, and is this copy there where the receiver tells.
    void has_sent(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);

    /// The receiver has this snapshot, as that copy where it tells: what only served older ones may
    /// go.
    void conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);

    const Job& job;
    const RunOptions& options;
    Line& line;
    Log& log;
    JobProgress& progress;
    RunReport& report;
    Pins pins;
    SenderMemory memory;
    LocalView view;
    std::optional<Uuid> begun_here{};  ///< the snapshot that this run has last begun to send
    std::set<Uuid> arrived{};          ///< the snapshots that this run has sent

    /// A forced send is still to be made: one a run, whatever is gone on with after it.
    [[nodiscard]] bool is_forced() const { return options.force && arrived.empty(); }

  private:
    std::set<std::string> told_;
};

/// What is remembered of a snapshot that is sent.
SentSnapshot record_of(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);

/// The try that a stream of this snapshot is, from this parent.
Attempt attempt_at(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);

}  // namespace snapferry::send
