#pragma once

#include "snapferry/send/run/running_job.h"

namespace snapferry::send {

/// Warns of the subvolumes that lie in what the newest snapshot was taken of, and notes them in the
/// report: no snapshot holds them, and nothing else tells. That they cannot be looked for is no
/// reason not to send.
void tell_of_nested(RunningJob& run);

}  // namespace snapferry::send
