#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/resume/attempts.h"
#include "snapferry/send/here/local_view.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/memory/sender_memory.h"

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

    /// Once, before anything else: what the job has beside the snapshots is in use.
    void begin();

    /// Once, whatever has come of it: what serves nobody any more goes. Never throws.
    void end();

    /// The receiver takes the stream of this snapshot: until that has arrived, its pin and its
    /// parent's are needed. Returns what is to be read for it: the pin, made now where the job
    /// pins, else the snapshot itself. That there can be no pin is a warning.
    LocalSnapshot hold(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);

    /// It is read from its pin since hold(), or is one.
    [[nodiscard]] bool is_held(const LocalSnapshot& snapshot) const;

    /// The pin of a snapshot that goes by another uuid than the kernel calls it, and needs one to
    /// be sent at all; the snapshot itself else. Throws Failure where there can be none.
    LocalSnapshot as_it_is_announced(const LocalSnapshot& snapshot);

    /// The pins that the receiver has need of, as far as it has said, or is known.
    void needs_pins(std::set<Uuid> uuids) { needed_pins_ = std::move(uuids); }

    /// See SenderMemory: also its pins count from now on.
    bool take_over_former_job(const std::vector<RemoteSnapshot>& remote);

    /// So many are still to be sent, the next one included.
    void has_still_to_send(std::size_t snapshots);

    /// For the report: what is being sent.
    void note_beginning(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);

    /// Remembers that it failed, where that says something about what was sent. True where it does.
    bool holds_against(const Attempt& attempt, const Failure& failure);

    /// It has just arrived, and is this copy there where the receiver tells. Nothing is held
    /// against what the attempt took.
    void has_sent(const LocalSnapshot& snapshot, const Attempt& attempt,
                  const std::optional<Uuid>& copy);

    /// The receiver has this snapshot, as that copy where it tells: what only served older ones may
    /// go.
    void conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);

    const Job& job;
    const RunOptions& options;
    Line& line;
    Log& log;
    JobProgress& progress;
    RunReport& report;
    std::function<void()> when_backups_are_known{};  ///< called after the report says so
    Pins pins;
    SenderMemory memory;
    LocalView view;
    std::optional<Uuid> begun_here{};  ///< the snapshot that this run has last begun to send
    std::set<Uuid> arrived{};          ///< the snapshots that this run has sent

    std::vector<RemoteSnapshot> there{};  ///< what the receiver has, newest arrival first
    bool receiver_takes_manifests = false;

    std::size_t series = 1;  ///< snapshots that this run sends, as far as it is known
    /// ", 3 of 10" for the one that is sent next; empty where there is only one.
    [[nodiscard]] std::string place_in_series() const;

    /// A forced send is still to be made: one a run, whatever is gone on with after it.
    [[nodiscard]] bool is_forced() const { return options.force && arrived.empty(); }

  private:
    void pin_where_wanted(const LocalSnapshot& snapshot);
    void look_at_former_pins();
    void note_needed_pins();

    JobIdentity identity_;
    std::filesystem::path home_;
    std::set<std::string> told_;
    std::optional<std::set<Uuid>> needed_pins_{};  ///< nothing while the receiver has not said
    std::optional<LocalSnapshot> pin_{};           ///< that this run has made, or found
};

/// What is remembered of a snapshot that is sent.
SentSnapshot record_of(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);

/// The try that a stream of this snapshot is, from this parent.
Attempt attempt_at(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);

}  // namespace snapferry::send
