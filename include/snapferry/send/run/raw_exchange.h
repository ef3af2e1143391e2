#pragma once

#include "snapferry/send/run/running_job.h"

namespace snapferry::send {

/// The newest snapshot, as a plain btrfs stream to a receiver that cannot say what it has: what was
/// noted as sent last counts. Where an increment is refused, or has failed twice, it goes in full.
/// Throws Failure.
void exchange_raw(RunningJob& run);

}  // namespace snapferry::send
