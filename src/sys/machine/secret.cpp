#include "snapferry/sys/machine/secret.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>  // NOLINT: explicit_bzero is not in <cstring>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/signals/ending_signals.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t longest = 1024;  // bytes; of what is typed

/// While it lives, signals that end the program wait, and a descriptor tells that one does.
class HeldSignals {
  public:
    HeldSignals() {
        ::pthread_sigmask(SIG_SETMASK, nullptr, &before_);
        signals_ = take_over_ending_signals();
    }
    ~HeldSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    [[nodiscard]] int descriptor() const { return signals_.get(); }

  private:
    sigset_t before_{};
    UniqueFd signals_;
};

/// While it lives, the terminal does not show what is typed.
class Silence {
  public:
    explicit Silence(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal_, &before_) != 0) {
            throw system_failure(ExitCode::authentication, "look at the terminal");
        }
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= static_cast<tcflag_t>(ICANON) | static_cast<tcflag_t>(ECHONL);
        if (::tcsetattr(terminal_, TCSAFLUSH, &silent) != 0) {
            throw system_failure(ExitCode::authentication, "silence the terminal");
        }
    }
    ~Silence() { (void)::tcsetattr(terminal_, TCSAFLUSH, &before_); }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

  private:
    int terminal_;
    termios before_{};
};

void wait_for_a_line(int terminal, int signals) {
    std::array<pollfd, 2> waited{pollfd{terminal, POLLIN, 0}, pollfd{signals, POLLIN, 0}};
    while (::poll(waited.data(), waited.size(), -1) < 0) {
        if (errno != EINTR) {
            throw system_failure(ExitCode::internal, "wait for what is typed");
        }
    }
    if (waited[1].revents != 0) {
        throw Failure(ExitCode::interrupted, "interrupted: nothing was typed");
    }
}

std::string read_line(int terminal) {
    std::string line(longest, '\0');
    const auto count = read_some(terminal, std::as_writable_bytes(std::span(line)),
                                 ExitCode::authentication, "what is typed");
    line.resize(count);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.pop_back();
    }
    return line;
}

}  // namespace

Secret::~Secret() {
    ::explicit_bzero(text_.data(), text_.size());
}

Secret ask_for_secret(const std::string& question) {
    const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!terminal) {
        throw Failure(ExitCode::authentication,
                      "a password is wanted, and there is no terminal to ask on",
                      "run it from a terminal, or let sudo there take this command without one");
    }
    const HeldSignals signals;
    const Silence silence(terminal.get());
    write_all(terminal.get(), std::as_bytes(std::span(question)), ExitCode::authentication,
              "to the terminal");
    wait_for_a_line(terminal.get(), signals.descriptor());
    return Secret(read_line(terminal.get()));
}

}  // namespace snapferry::sys
