#pragma once

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those that it starts, and returns a
/// descriptor from which they are read instead (signalfd(2), non-blocking). One that is ignored, as
/// under nohup(1), is left alone: through the descriptor it would be heard all the same. Throws
/// Failure (internal).
UniqueFd take_over_ending_signals();

}  // namespace snapferry::sys
