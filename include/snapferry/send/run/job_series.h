#pragma once

#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/run/run_once.h"

namespace snapferry::send {

/// Runs jobs: those to different machines at once, those to one machine one after the other over
/// one connection, or as many at once as the receiver's `parallel` says. Every job gets its turn.
/// A failure is told at once, and the first in the order of the jobs gives the exit code.
ExitCode run_jobs(const std::vector<Job>& jobs, const RunOptions& options,
                  const Listeners& listeners, Log& log);

}  // namespace snapferry::send
