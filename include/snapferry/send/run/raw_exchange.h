#pragma once

#include "snapferry/send/run/running_job.h"

namespace snapferry::send {

/// A snapshot, as a plain btrfs stream to a receiver that cannot say what it has: what was
/// noted as sent last counts. Where an increment is refused, or has failed twice, it goes in full.
/// True where there is more to send. Throws Failure.
bool exchange_raw(RunningJob& run);

}  // namespace snapferry::send
