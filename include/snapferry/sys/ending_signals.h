#pragma once

#include "snapferry/sys/unique_fd.h"

namespace snapferry::sys {

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those that it starts, and returns a
/// descriptor from which they are read instead (signalfd(2), non-blocking). Throws Failure
/// (internal).
UniqueFd take_over_ending_signals();

}  // namespace snapferry::sys
