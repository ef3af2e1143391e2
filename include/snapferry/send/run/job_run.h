#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/send/run/running_job.h"

namespace snapferry::send {

/// One job, done once: whatever was interrupted is finished, then the newest snapshot is sent, or
/// every one that the receiver lacks, the oldest first. What
/// has failed twice in the same way is not tried a third time, and holds nothing else up.
class JobRun {
  public:
    /// `line`: to the job's receiver. `progress` is kept true while it runs, and `report` filled in
    /// with what comes of it, but for what the one who runs it knows better: times and outcome.
    JobRun(const Job& job, const RunOptions& options, Line& line, Log& log, JobProgress& progress,
           RunReport& report)
        : run_(job, options, line, log, progress, report) {}

    /// Called when the receiver has said what it has, and the report does.
    void when_backups_are_known(std::function<void()> tell) {
        run_.when_backups_are_known = std::move(tell);
    }

    /// Throws Failure. What was sent before stays, and the next run goes on from there.
    void run();

    /// Whatever came of it: the manifests that the receiver lacks, oldest first. Of what it has
    /// that is the newest alone, where the job sends no other.
    [[nodiscard]] std::vector<WantedManifest> wanted_manifests() const;

  private:
    [[nodiscard]] Retries patience() const;
    void prepare();
    void exchange_until_done();
    bool exchange_on_the_line();
    bool exchange();
    void require_that_nothing_is_left_out();
    void require_that_the_newest_was_sent();

    RunningJob run_;
    unsigned exchanges_ = 0;
    bool is_prepared_ = false;
};

}  // namespace snapferry::send
