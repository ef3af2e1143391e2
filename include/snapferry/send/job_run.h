#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/log.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/run_report.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/job.h"
#include "snapferry/send/job_progress.h"
#include "snapferry/send/line.h"
#include "snapferry/send/pins.h"
#include "snapferry/send/receiver_link.h"
#include "snapferry/send/size_estimate.h"
#include "snapferry/send/transfer.h"

namespace snapferry::send {

/// One job, done once: whatever was interrupted is finished, then the newest snapshot is sent.
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
    void note_what_is_there(const wire::Welcome& welcome);
    [[nodiscard]] bool has_something_for(const wire::Welcome& welcome) const;
    void require_tag(const std::string& tag) const;
    bool trusts(const wire::Welcome& welcome);
    bool finish_interrupted(ReceiverLink& link, const wire::Unfinished& unfinished);
    void send_newest(ReceiverLink& link, const wire::Welcome& welcome);
    void exchange_raw();

    void send_stream(ReceiverLink& link, LocalSnapshot snapshot,
                     const std::optional<LocalSnapshot>& parent, stream::Form form,
                     const std::vector<wire::StreamShare>& shares);
    void report_sent(const LocalSnapshot& snapshot, std::uint64_t bytes, const Transfer& transfer,
                     std::chrono::steady_clock::duration time);
    void report_result(const wire::Result& result);
    [[nodiscard]] std::unique_ptr<SizeEstimate> estimate_of(const btrfs::SendRequest& request);
    void note_what_was_sent(const JobProgress::View& at);
    void note_beginning(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent);
    bool begin_where_it_stopped(std::optional<Transfer>& transfer,
                                const btrfs::SendRequest& request,
                                const std::vector<wire::StreamShare>& shares, ReceiverLink& link);
    void conclude(const LocalSnapshot& snapshot);
    void report_pins(const wire::Welcome& welcome);
    void report_plan(const SendPlan& plan);
    void look_at_snapshots();
    [[nodiscard]] const LocalSnapshot& newest() const { return *newest_; }

    const Job& job_;
    const RunOptions& options_;
    Line& line_;
    Log& log_;
    JobProgress& progress_;
    RunReport& report_;
    Pins pins_;
    std::vector<LocalSnapshot> local_;  ///< snapshots and pins
    std::optional<LocalSnapshot> newest_;
    bool told_of_digests_ = false;
    bool takes_compressed_data_ = false;  ///< the receiver, in its last welcome
};

}  // namespace snapferry::send
