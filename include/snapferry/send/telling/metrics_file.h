#pragma once

#include "snapferry/send/run/run_listener.h"

namespace snapferry::send {

/// Writes what each run came to into the file that its job names, for the textfile collector of
/// Prometheus' node exporter. What the file says of other jobs stays. Thread-safe, and safe beside
/// other processes that write the same file.
class MetricsFile final : public RunListener {
  public:
    void begins(const Job& /*job*/, const JobProgress& /*progress*/) override {}
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;
};

}  // namespace snapferry::send
