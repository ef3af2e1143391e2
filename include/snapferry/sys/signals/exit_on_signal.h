#pragma once

#include <functional>
#include <thread>

#include "snapferry/core/exit_code.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not strike at random: a thread of its own takes
/// them, calls `last_words` and ends the program with the exit code, `interrupted` if no other is
/// given. To be made before any other thread.
class ExitOnSignal {
  public:
    explicit ExitOnSignal(std::function<void()> last_words, ExitCode code = ExitCode::interrupted);
    ~ExitOnSignal();
    ExitOnSignal(const ExitOnSignal&) = delete;
    ExitOnSignal& operator=(const ExitOnSignal&) = delete;

  private:
    UniqueFd signals_;
    UniqueFd end_;  // an eventfd: says that no signal is waited for any more
    std::jthread thread_;
};

}  // namespace snapferry::sys
