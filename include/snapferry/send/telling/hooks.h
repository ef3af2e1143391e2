#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/status/allowed_age.h"
#include "snapferry/send/job/job.h"
#include "snapferry/sys/signals/stop_flag.h"

namespace snapferry::send {

/// Calls the programs that a job names, with what there is to tell in their environment. One that
/// fails or takes too long is a warning in the log, and changes nothing. When `stop` is raised the
/// one that is at work is ended, and no other one called.
class Hooks {
  public:
    /// When the newest backup was made that the job of a report is known to have had, whatever this
    /// run could find out, and when all were that are known of; nothing where nothing is known.
    struct Known {
        std::optional<WallTime> newest{};
        std::vector<WallTime> taken{};
    };
    using LastKnown = std::function<Known(const RunReport&)>;

    Hooks(LastKnown last_known, Log& log) : last_known_(std::move(last_known)), log_(log) {}

    /// on_success or on_failure; then on_stale, where the newest backup that is known of is older
    /// than it may be, or from the future (a run cannot always mend that, and one that went well
    /// may have found nothing new for days); or else, after a good run, on_fresh.
    void tell(const Job& job, const RunReport& report, const sys::StopFlag& stop);

    /// How old that may be.
    [[nodiscard]] AllowedAge allowed(const Job& job, const RunReport& report) const;

    /// on_stale, for whoever finds between runs that the newest backup is too old. `age`: nothing
    /// where it cannot be told.
    void tell_stale(const Job& job, std::optional<std::chrono::seconds> age,
                    const sys::StopFlag& stop);

    /// on_failure, of what is no run of a job. `report`: what there is to tell.
    void tell_of_failure(const HookSettings& hooks, const RunReport& report,
                         const sys::StopFlag& stop);

  private:
    [[nodiscard]] std::optional<WallTime> newest_taken(const Job& job,
                                                       const RunReport& report) const;

    LastKnown last_known_;
    Log& log_;
};

}  // namespace snapferry::send
