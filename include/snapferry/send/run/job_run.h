#pragma once

#include <optional>
#include <set>
#include <string>

#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/report/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/here/local_view.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/sender_memory.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/send/stream/framed_send.h"

namespace snapferry::send {

/// One job, done once: whatever was interrupted is finished, then the newest snapshot is sent. What
/// has failed twice in the same way is not tried a third time, and holds nothing else up.
class JobRun {
  public:
    /// `line`: to the job's receiver. `progress` is kept true while it runs, and `report` filled in
    /// with what comes of it, but for what the one who runs it knows better: times and outcome.
    JobRun(const Job& job, const RunOptions& options, Line& line, Log& log, JobProgress& progress,
           RunReport& report);

    /// Throws Failure. What was sent before stays, and the next run goes on from there.
    void run();

  private:
    /// One stream, or none: true where there may be more to do.
    bool exchange();
    bool exchange_framed(ReceiverLink& link);
    void exchange_raw();
    [[nodiscard]] std::string last_sent_to_a_classic_one() const;

    void require_tag(const std::string& tag) const;
    void note_what_is_there(const wire::Welcome& welcome);
    void warn_of_foreign_copies(const wire::Welcome& welcome);
    void tell_once(Severity severity, const std::string& line);
    [[nodiscard]] CopyAtReceiver there_of(const LocalSnapshot& snapshot,
                                          const wire::Welcome& welcome) const;
    [[nodiscard]] SendSituation situation(const wire::Welcome& welcome) const;
    [[nodiscard]] bool has_something_for(const wire::Welcome& welcome) const;

    /// What the receiver has of an interrupted send, if it is to be gone on with.
    [[nodiscard]] std::optional<StreamOrder> order_to_finish(const wire::Welcome& welcome);
    [[nodiscard]] std::string why_given_up(const wire::Unfinished& unfinished) const;
    [[nodiscard]] bool is_another_copy(const LocalSnapshot& parent,
                                       const std::optional<Uuid>& copy) const;
    [[nodiscard]] std::optional<StreamOrder> order_for_newest(const wire::Welcome& welcome);
    void report_plan(const SendPlan& plan);
    void report_pins(const wire::Welcome& welcome);

    bool send_stream(ReceiverLink& link, StreamOrder order);
    void send_framed(ReceiverLink& link, const StreamOrder& order, Attempt& attempt);
    [[nodiscard]] bool has_another_way(const Attempt& attempt) const;
    void note_beginning(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);
    void report_result(const wire::Result& result);

    /// The receiver has this snapshot: what only served older ones may go.
    void conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy);
    void accept_as_it_is(const LocalSnapshot& snapshot, const wire::Welcome& welcome);
    void require_that_nothing_is_left_out();

    const Job& job_;
    const RunOptions& options_;
    Line& line_;
    Log& log_;
    JobProgress& progress_;
    RunReport& report_;
    Pins pins_;
    SenderMemory memory_;
    LocalView view_;
    std::set<std::string> told_;
    std::optional<Uuid> begun_here_;  ///< the snapshot that this run has last begun to send
    unsigned rounds_ = 0;             ///< welcomes in this run
};

}  // namespace snapferry::send
