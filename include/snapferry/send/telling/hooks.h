#pragma once

#include <chrono>

#include "snapferry/core/report/log.h"
#include "snapferry/send/run/run_listener.h"

namespace snapferry::send {

/// Calls the programs that a job names, with what there is to tell in their environment. One that
/// fails or takes too long is a warning in the log, and changes nothing. Thread-safe.
class Hooks final : public RunListener {
  public:
    explicit Hooks(Log& log) : log_(log) {}

    void begins(const Job& /*job*/, const JobProgress& /*progress*/) override {}

    /// on_success or on_failure; then on_stale, where the newest snapshot that the receiver is
    /// known to have is older than stale_after: a run cannot always mend that, and one that went
    /// well may have found nothing new for days.
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

    /// on_stale, for whoever finds between runs that the newest backup is too old.
    void stale(const Job& job, std::chrono::seconds age);

  private:
    Log& log_;
};

}  // namespace snapferry::send
