#pragma once

#include <stop_token>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/run/run_once.h"

/// The manifests of what a job has sent: made when the backups are complete, and delivered in
/// exchanges of their own, so that neither the receiver nor another run of the job waits for it.
namespace snapferry::send {

/// It was to make way.
class ManifestStopped : public Failure {
  public:
    ManifestStopped() : Failure(ExitCode::interrupted, "the manifest makes way for a backup") {}
};

/// Makes one, at idle priority, and delivers it. One at a time is made for a job. Throws Failure;
/// ManifestStopped where it was to make way.
void send_manifest(const Job& job, const WantedManifest& wanted, Line& line, Log& log,
                   const std::stop_token& stop = {});

/// The same after a run: that it fails is a warning, for the backup is complete without.
void follow_up_with_manifest(const Job& job, const WantedManifest& wanted, Line& line, Log& log,
                             const std::stop_token& stop = {});

/// In place of a run: makes and delivers all that are missing there and can be made here, newest
/// first. Nobody is told of it but by the log.
RunEnd run_for_manifests(const Job& job, const RunOptions& options, Line& line, Log& log);

}  // namespace snapferry::send
