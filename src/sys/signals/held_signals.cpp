#include "snapferry/sys/signals/held_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include "snapferry/sys/signals/ending_signals.h"

namespace snapferry::sys {

HeldSignals::HeldSignals() {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    signals_ = take_over_ending_signals();
}

HeldSignals::~HeldSignals() {
    if (is_heard_) {
        take_all();
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void HeldSignals::hear() {
    is_heard_ = true;
    take_all();
}

void HeldSignals::take_all() const {
    signalfd_siginfo taken{};
    while (::read(signals_.get(), &taken, sizeof taken) > 0) {
    }
}

void ignore_ending_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        (void)std::signal(signal, SIG_IGN);  // they can be ignored
    }
}

}  // namespace snapferry::sys
