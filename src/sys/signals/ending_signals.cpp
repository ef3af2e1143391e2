#include "snapferry/sys/signals/ending_signals.h"

#include <sys/signalfd.h>

#include <csignal>

#include "snapferry/sys/signals/signal_state.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

UniqueFd take_over_ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(signal)) {
            sigaddset(&signals, signal);
        }
    }
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) {
        throw system_failure(ExitCode::internal, "watch for signals");
    }
    return fd;
}

}  // namespace snapferry::sys
