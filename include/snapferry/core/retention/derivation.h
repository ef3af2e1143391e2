#pragma once

#include <span>
#include <vector>

#include "snapferry/core/retention/retention.h"
#include "snapferry/core/time/period.h"

namespace snapferry {

/// Which of a tag's backups are to be derived, the oldest first: the first of each period of which
/// nothing was derived yet, as far as the derived tag's own policy would keep it. So what that has
/// let go is not made again.
std::vector<Backup> plan_derivation(std::span<const Backup> origins,
                                    std::span<const Backup> derived, Period every,
                                    const RetentionPolicy& policy, CountedTime now);

}  // namespace snapferry
