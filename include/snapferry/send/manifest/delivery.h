#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/manifest/made_manifest.h"

namespace snapferry::send {

/// One exchange that offers the manifest and sends it. False where the receiver does not want it
/// any more: the backup is gone there, or has one. Throws Failure.
bool deliver(const MadeManifest& made, const WantedManifest& wanted, const Job& job, Line& line,
             Log& log);

}  // namespace snapferry::send
