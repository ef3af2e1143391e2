#pragma once

#include "snapferry/core/report/run_report.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/job/job_progress.h"

namespace snapferry::send {

/// Who wants to know of runs. Called from whatever thread runs a job, so thread-safe.
class RunListener {
  public:
    virtual ~RunListener() = default;

    /// A run begins; `progress` can be looked at until the same run ends.
    virtual void begins(const Job& job, const JobProgress& progress) = 0;

    /// The receiver has said what it has (`newest` and `kept` of the report); nothing was sent yet
    /// since. What is thrown here is logged, and changes nothing.
    virtual void hears(const Job& /*job*/, const RunReport& /*report*/) {}

    /// It has ended, well or not. What is thrown here is logged, and changes nothing.
    virtual void ends(const Job& job, const JobProgress& progress, const RunReport& report) = 0;
};

}  // namespace snapferry::send
