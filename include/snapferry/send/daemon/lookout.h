#pragma once

#include <optional>
#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/core/time/moment.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// Looks into a job's directory for another newest snapshot: when something has happened there,
/// once a second at most, however much happens; once more when that has settled (some make a
/// snapshot read-only a moment after they have made it, and no event tells).
class Lookout {
  public:
    /// Something has happened in the directory.
    void note_event(const Job& job, BootTime now);

    /// Whether it is time to look.
    [[nodiscard]] bool is_due(BootTime now) const;
    [[nodiscard]] std::optional<BootTime> next_time() const;

    /// True where there is another newest than when it was last looked. That old ones are deleted
    /// is nobody's business.
    bool look(const Job& job, BootTime now, Log& log);

    /// A run of the job begins.
    void run_began(const Job& job, BootTime now, Log& log);

    /// It has ended. True where there is another newest than when it began, unless the run has
    /// found that by itself. (Not every run can say what the receiver has, and not every newest can
    /// be sent: what was there at the begin is no change, whatever has come of it.)
    bool look_after_run(const Job& job, const RunReport& report, BootTime now, Log& log);

  private:
    std::optional<std::string> newest_of(const Job& job, BootTime now, Log& log);
    bool note(const std::optional<std::string>& newest);

    std::string seen_;      ///< the name of the newest snapshot, when it was last looked
    std::string at_begin_;  ///< the same, when the last run began
    std::optional<BootTime> looked_at_;
    std::optional<BootTime> soon_;
    std::optional<BootTime> again_;
    bool missing_ = false;  ///< the directory, when it was last looked
};

}  // namespace snapferry::send
