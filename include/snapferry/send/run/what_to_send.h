#pragma once

#include <optional>

#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/core/plan/missed.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/run/running_job.h"
#include "snapferry/send/stream/framed_send.h"

/// Which stream goes to a receiver that has said what it has (see take_in).
namespace snapferry::send {

/// See plan_series.
SnapshotsToSend what_goes(const RunningJob& run, const SendSituation& there);

/// Where what is begun is to be gone on with, leaves out what it overtakes, and says so.
void leave_out_what_is_overtaken(RunningJob& run, const wire::Welcome& welcome,
                                 SnapshotsToSend& series);

/// Of which backups a job sees to it that the receiver has a manifest.
ManifestScope manifest_scope(const Job& job);

/// What the receiver has of an interrupted send, where that is to be gone on with; the log says
/// which, and why not.
std::optional<StreamOrder> order_to_finish(const RunningJob& run, const wire::Welcome& welcome);

/// A snapshot by its plan, which is one to send something. Throws Failure (configuration) where the
/// form of the stream that is demanded cannot be had.
StreamOrder order_for(const RunningJob& run, const SendPlan& plan, const wire::Welcome& welcome);

}  // namespace snapferry::send
