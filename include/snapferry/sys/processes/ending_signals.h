#pragma once

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// What SIGHUP is to a program.
enum class Hangup {
    ends,     ///< it ends the program, unless it is ignored
    reloads,  ///< a word like others: it is read in any case
};

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those that it starts, and returns a
/// descriptor from which they are read instead (signalfd(2), non-blocking). One that would end the
/// program and is ignored, as under nohup(1), is left alone: through the descriptor it would end it
/// all the same. Throws Failure (internal).
UniqueFd take_over_ending_signals(Hangup hangup);

}  // namespace snapferry::sys
