#pragma once

#include <chrono>
#include <vector>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/retention/retention.h"

namespace snapferry {

/// What a plan would be in so many days, if one backup arrived each day at this time and was pruned
/// as it came: those that are to come are named for their day, "to-come-2027-12-31".
std::vector<RetentionDecision> simulate(std::vector<Backup> backups, const ArrivalBook& book,
                                        const RetentionPolicy& policy, CountedTime now,
                                        std::chrono::sys_seconds today, std::chrono::days days,
                                        const OffsetAt& offset_at);

}  // namespace snapferry
