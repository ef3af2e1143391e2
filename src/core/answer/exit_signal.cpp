#include "snapferry/core/answer/exit_signal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace snapferry {
namespace {

constexpr int by_signal = 128;

struct Signal {
    std::string_view name;
    int number;  ///< signal(7) of Linux, whatever this machine is
    bool crash;
};

// All that sshd has names for; SIGBUS and SIGSYS, say, come without one.
constexpr std::array signals{
    Signal{"HUP", 1, false},   Signal{"INT", 2, false},   Signal{"QUIT", 3, false},
    Signal{"ILL", 4, true},    Signal{"ABRT", 6, true},   Signal{"BUS", 7, true},
    Signal{"FPE", 8, true},    Signal{"KILL", 9, true},   Signal{"SEGV", 11, true},
    Signal{"PIPE", 13, false}, Signal{"ALRM", 14, false}, Signal{"TERM", 15, false},
    Signal{"SYS", 31, true}};

const Signal* signal_of(int status) {
    const auto* const found = std::ranges::find(signals, status - by_signal, &Signal::number);
    return found == signals.end() ? nullptr : found;
}

}  // namespace

int status_of_signal(std::string_view name) {
    const auto* const found = std::ranges::find(signals, name, &Signal::name);
    return by_signal + (found == signals.end() ? 0 : found->number);
}

bool is_crash(int status) {
    const auto* const signal = signal_of(status);
    return signal != nullptr ? signal->crash : status == by_signal;
}

std::string signal_text(int status) {
    const auto* const signal = signal_of(status);
    return signal == nullptr ? "a signal" : fmt::format("SIG{}", signal->name);
}

}  // namespace snapferry
