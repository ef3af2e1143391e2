#include "snapferry/sys/processes/run_within.h"

#include <fcntl.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <span>

#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece_size = 4096;      // bytes
constexpr std::size_t pipe_size = 64 * 1024;  // bytes; pipe(7)

/// The end of what a program says.
class Ending {
  public:
    Ending(UniqueFd source, std::size_t most) : source_(std::move(source)), most_(most) {}

    [[nodiscard]] int descriptor() const { return source_.get(); }

    /// Takes a piece of what is there now; false where there is none. After the end there is no
    /// descriptor any more.
    bool take() {
        if (!source_ || !wait_readable(source_.get(), std::chrono::milliseconds{0})) {
            return false;
        }
        std::array<std::byte, piece_size> piece{};
        const auto count = read_some(source_.get(), piece, ExitCode::internal, "a program");
        keep(std::span(piece).first(count));
        if (count == 0) {
            source_.close();
        }
        return count > 0;
    }

    /// Takes what a program that is gone has left. No more than a pipe holds: another, which it has
    /// left behind, may go on writing.
    void take_rest() {
        for (std::size_t taken = 0; taken < pipe_size && take(); taken += piece_size) {
        }
    }

    [[nodiscard]] std::string text() && { return std::move(text_); }

  private:
    void keep(std::span<const std::byte> bytes) {
        for (const auto byte : bytes) {
            text_.push_back(static_cast<char>(byte));
        }
        if (text_.size() > most_) {
            text_.erase(0, text_.size() - most_);
        }
    }

    UniqueFd source_;
    std::size_t most_;
    std::string text_;
};

/// Waits until the program has ended or said something, or until the time is over.
void wait_for_sign(const Process& process, const Ending& ending, const StopFlag* stop,
                   Clock::time_point deadline) {
    std::array waiting{pollfd{process.descriptor(), POLLIN, 0},
                       pollfd{ending.descriptor(), POLLIN, 0},
                       pollfd{stop == nullptr ? -1 : stop->descriptor(), POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (::poll(waiting.data(), waiting.size(), poll_timeout(left)) < 0 && errno != EINTR) {
        throw system_failure(ExitCode::internal, "wait for a program");
    }
}

}  // namespace

TimedEnd run_within(Command command, std::chrono::milliseconds patience, std::size_t most_said,
                    const StopFlag* stop) {
    auto output = Pipe::make();
    command.in_own_group = true;
    if (!command.standard_error) {
        command.standard_error = UniqueFd(::fcntl(output.write_end.get(), F_DUPFD_CLOEXEC, 3));
    }
    if (!command.standard_error) {
        throw system_failure(ExitCode::internal, "take what a program says");
    }
    command.standard_output = std::move(output.write_end);
    Ending ending(std::move(output.read_end), most_said);
    const auto deadline = Clock::now() + patience;
    auto process = Process::start(std::move(command));
    std::optional<ExitStatus> status;
    const auto is_stopped = [&] { return stop != nullptr && stop->is_raised(); };
    while (!status && Clock::now() < deadline && !is_stopped()) {
        wait_for_sign(process, ending, stop, deadline);
        (void)ending.take();
        status = process.wait_for(std::chrono::milliseconds{0});
    }
    if (!status) {
        process.kill();
        (void)process.wait();
    }
    ending.take_rest();
    return {status, !status && is_stopped(), std::move(ending).text()};
}

}  // namespace snapferry::sys
