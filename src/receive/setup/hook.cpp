#include "snapferry/receive/setup/hook.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/last_lines.h"
#include "snapferry/receive/talk/waiting.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/processes/hook_command.h"
#include "snapferry/sys/processes/process.h"

namespace snapferry::receive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece_size = 4096;  // bytes

/// Takes a piece of what the hook says, where there is one. False at the end.
bool take_piece(int errors, LastLines& said) {
    std::array<std::byte, piece_size> piece{};
    const auto count = ::read(errors, piece.data(), piece.size());
    if (count > 0) {
        said.push(std::span(piece).first(static_cast<std::size_t>(count)));
    }
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/// Takes what the hook says until it has ended; false where its time is over before. Not until the
/// end of its stderr: what it leaves running may have that too.
bool listen(const sys::Process& process, int errors, const Hook& hook, LastLines& said, Log& log) {
    Waiting waiting(log, hook.name);
    const auto deadline = Clock::now() + hook.timeout;
    auto next_word = Clock::now() + Waiting::interval;
    for (;;) {
        std::array watched{pollfd{process.descriptor(), POLLIN, 0}, pollfd{errors, POLLIN, 0}};
        const auto patience = std::chrono::ceil<std::chrono::milliseconds>(
            std::min(deadline, next_word) - Clock::now());
        (void)::poll(watched.data(), watched.size(), sys::poll_timeout(patience));
        if (watched[1].revents != 0 && !take_piece(errors, said)) {
            errors = -1;  // closed: not watched any more
        }
        if (watched[0].revents != 0) {
            return true;
        }
        if (Clock::now() >= deadline) {
            return false;
        }
        if (Clock::now() >= next_word) {
            waiting.tell();
            next_word += Waiting::interval;
        }
    }
}

/// What is still in the pipe: no more than it holds, whoever writes into it.
void take_rest(int errors, LastLines& said) {
    constexpr std::size_t pipe_size = 64 * 1024;  // bytes; pipe(7)
    for (std::size_t taken = 0; taken < pipe_size; taken += piece_size) {
        if (!sys::wait_readable(errors, std::chrono::milliseconds{0}) ||
            !take_piece(errors, said)) {
            return;
        }
    }
}

/// Root runs it: whoever can write it can do anything.
void require_trusted(const Hook& hook) {
    try {
        sys::require_root_only(hook.command.front());
    } catch (const Failure& failure) {
        throw Failure(failure.code(), fmt::format("{}: {}", hook.name, failure.what()),
                      failure.hint().empty()
                          ? fmt::format("mend {} in {}", hook.name, escape_text(hook.file.native()))
                          : failure.hint());
    }
}

[[noreturn]] void fail(const Hook& hook, const std::string& how, LastLines& said) {
    const auto words = said.text();
    throw Failure(ExitCode::directory_missing,
                  fmt::format("{} {}{}{}", hook.name, how, words.empty() ? "" : ": ", words),
                  fmt::format("try by hand, as root, what {} in {} runs", hook.name,
                              escape_text(hook.file.native())));
}

}  // namespace

void run_hook(const Hook& hook, Log& log) {
    require_trusted(hook);
    auto errors = sys::Pipe::make();
    sys::stop_blocking(errors.read_end.get());
    auto command = sys::hook_command(hook.command, hook.environment);
    command.standard_error = std::move(errors.write_end);
    command.in_own_group = true;
    command.prepare = [] { return ::chdir("/") == 0 ? 0 : errno; };  // not on anybody's disk

    log.debug("running {}", hook.name);
    auto process = sys::Process::start(std::move(command));
    LastLines said;
    const bool ended = listen(process, errors.read_end.get(), hook, said, log);
    if (!ended) {
        process.kill();
    }
    const auto status = process.wait();
    take_rest(errors.read_end.get(), said);
    if (!ended) {
        fail(hook, fmt::format("took longer than {} s and was killed", hook.timeout.count()), said);
    }
    if (!status.is_success()) {
        fail(hook, "ended with " + status.text(), said);
    }
}

}  // namespace snapferry::receive
