#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "snapferry/sys/processes/process.h"
#include "snapferry/sys/signals/stop_flag.h"

namespace snapferry::sys {

/// How a program that was given a time ended.
struct TimedEnd {
    std::optional<ExitStatus> status;  ///< nothing where it was killed before it had ended
    bool stopped = false;              ///< it was killed because somebody wanted to stop
    std::string said;  ///< the end of what it wrote to stdout, and to stderr where that was not led
                       ///< elsewhere
};

/// Runs a program, as the leader of a process group of its own, to its end, or kills the group when
/// `patience` is over, or `stop` (null: never) is raised. What it says is taken, and the last
/// `most_said` bytes of it are kept. A process that it leaves behind is not waited for. Throws
/// Failure (internal).
TimedEnd run_within(Command command, std::chrono::milliseconds patience, std::size_t most_said,
                    const StopFlag* stop = nullptr);

}  // namespace snapferry::sys
