#pragma once

#include <optional>

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/newest_backup.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// When the snapshot was taken that has arrived last from this job, as far as this side remembers:
/// all that is known while the receiver cannot be asked. Throws Failure where the snapshots cannot
/// be looked at.
std::optional<WallTime> last_arrival_taken(const Job& job, Log& log);

}  // namespace snapferry::send
