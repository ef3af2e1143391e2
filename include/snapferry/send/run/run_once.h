#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/run/run_listener.h"

namespace snapferry::send {

/// What came of a run, and why it failed where it did.
struct RunEnd {
    RunReport report;
    std::optional<Failure> failure;
    std::uint64_t began_at = 0;  ///< what the receiver had of the stream that was sent last
    std::vector<WantedManifest> manifests{};  ///< to be made now that the run is over
};

/// The report of a run that begins now: who it is, and nothing of what comes of it.
RunReport begun_report(const Job& job);

/// Does the work; what it throws is noted as how the run has ended.
void note_failure_of(RunEnd& end, const std::function<void()>& work);

/// Who is told, in this order: the history first, so that nothing that the others do can delay it.
using Listeners = std::vector<RunListener*>;

/// Runs a job once, and tells the listeners when it begins and how it ended; they may look at
/// `progress` meanwhile. Whatever goes wrong is a Failure of this job. What nobody is told of: a
/// dry run, one that found another run of the same job at work, and one of a job that is paused
/// (busy).
RunEnd run_once(const Job& job, const RunOptions& options, Line& line, const Listeners& listeners,
                Log& log, JobProgress& progress);

}  // namespace snapferry::send
