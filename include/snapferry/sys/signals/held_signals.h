#pragma once

#include <csignal>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end this program wherever it is: what must not
/// be lost goes on, and looks when it can end. For this thread and those that it starts; where an
/// older one takes the signal, the program ends as usual.
class HeldSignals {
  public:
    /// Throws Failure (internal).
    HeldSignals();

    /// A signal that has come and was not heard strikes now.
    ~HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    /// Readable, as poll(2) sees it, once one has come.
    [[nodiscard]] int descriptor() const { return signals_.get(); }

    /// Takes note of those that have come: they, and what comes after them, do not strike any more.
    void hear();

  private:
    void take_all() const;

    sigset_t before_{};
    UniqueFd signals_;
    bool is_heard_ = false;
};

/// For a program that is about to be started: what is to end its parent does not end it.
void ignore_ending_signals();

}  // namespace snapferry::sys
