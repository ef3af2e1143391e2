#include "snapferry/sys/signals/signal_state.h"

#include <csignal>

namespace snapferry::sys {

bool is_ignored(int signal) {
    struct sigaction now {};
    return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

void take_usual_signals() {
    for (int signal = 1; signal < NSIG; ++signal) {
        const bool is_meant = (signal == SIGHUP || signal == SIGINT) && is_ignored(signal);
        if (!is_meant) {
            (void)std::signal(signal, SIG_DFL);  // those that cannot be changed need no change
        }
    }
    (void)std::signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace snapferry::sys
