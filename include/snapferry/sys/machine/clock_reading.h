#pragma once

#include "snapferry/core/age/clock_record.h"

namespace snapferry::sys {

/// This machine's clocks, now. Throws Failure (internal) where the kernel tells of no boot.
ClockReading read_clocks();

}  // namespace snapferry::sys
