#pragma once

#include <optional>

#include "snapferry/core/plan/missed.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/run/running_job.h"

namespace snapferry::send {

/// What a plan builds on; nothing where it sends in full, or not at all.
std::optional<LocalSnapshot> parent_in(const SendPlan& plan);

/// Where every snapshot goes that is missing there: says which, and what is left out. Notes how
/// many they are.
void report_series(RunningJob& run, const SnapshotsToSend& series);

/// Says what will be done with the snapshot, and why. Throws Failure where that is a full
/// send and only an increment is wanted, and where it has failed in every way.
void report_plan(RunningJob& run, const SendPlan& plan);

/// For a dry run: what is held beside the snapshots, and whether it still serves.
void report_pins(const RunningJob& run, const wire::Welcome& welcome);

/// For a dry run: whether a manifest would follow.
void report_manifest(const RunningJob& run, const SendPlan& plan);

/// What the receiver has kept and pruned, for the log and the report.
void report_result(RunningJob& run, const wire::Result& result);

}  // namespace snapferry::send
