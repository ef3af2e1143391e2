#include "snapferry/sys/signals/exit_on_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "snapferry/sys/signals/ending_signals.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
ExitOnSignal::ExitOnSignal(std::function<void()> last_words, ExitCode code) {
    signals_ = take_over_ending_signals();
    end_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
    if (!end_) {
        throw system_failure(ExitCode::internal, "watch for signals");
    }
    thread_ = std::jthread([this, code, words = std::move(last_words)] {
        std::array waiting{pollfd{signals_.get(), POLLIN, 0}, pollfd{end_.get(), POLLIN, 0}};
        while (::poll(waiting.data(), waiting.size(), -1) < 0) {
        }
        if (waiting[1].revents == 0) {
            words();
            ::_exit(static_cast<int>(code));
        }
    });
}

ExitOnSignal::~ExitOnSignal() {
    (void)::eventfd_write(end_.get(), 1);
    thread_.join();
}

}  // namespace snapferry::sys
