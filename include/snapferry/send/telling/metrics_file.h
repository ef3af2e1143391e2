#pragma once

#include <chrono>

#include "snapferry/core/report/run_report.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// Writes what each run came to into the file that its job names, for the textfile collector of
/// Prometheus' node exporter. What the file says of other jobs stays. Thread-safe, and safe beside
/// other processes that write the same file.
class MetricsFile {
  public:
    /// `max_age`: how old the job's newest backup may be. Throws Failure that names the file.
    void tell(const Job& job, const RunReport& report, std::chrono::seconds max_age);
};

}  // namespace snapferry::send
