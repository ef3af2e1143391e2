#include "snapferry/send/link/local_link.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "snapferry/core/answer/session_end.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/version.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/core/wire/patience.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds greeting_patience{60};
constexpr std::chrono::seconds exit_patience{10};

/// It may have to sync what it keeps, or to delete what is left of it, on a slow disk.
constexpr std::chrono::minutes farewell_patience{10};
constexpr std::chrono::seconds patience_with_the_killed{30};
constexpr std::chrono::seconds step{1};

constexpr std::size_t piece_size = 16 * 1024;             // bytes
constexpr std::size_t most_heard = std::size_t{4} << 20;  // bytes that wait while it takes nothing

constexpr int status_of_signals = 128;  // as a shell counts

/// Not killed with this program, and not by what a terminal sends to it: its last minute is worth
/// keeping.
int let_it_live_on() {
    return ::prctl(PR_SET_PDEATHSIG, 0) == 0 ? 0 : errno;
}

std::size_t read_words(int descriptor, std::span<std::byte> into) {
    return sys::read_some(descriptor, into, ExitCode::connection, "from the receiver");
}

Failure stalled() {
    return {ExitCode::connection, "the receiver has taken nothing, and said nothing, for too long",
            "see whether its disk answers: sudo dmesg"};
}

}  // namespace

LocalLink::LocalLink(Line& line, const Tag& tag, Log& log) : ReceiverChannel(log), line_(line) {
    line_.take_place(log);
    start(tag);
    greet();
}

LocalLink::~LocalLink() {
    stream_.write_end.close();
    words_.read_end.close();
    if (!process_ || ends_within(farewell_patience)) {
        return;
    }
    process_->kill();
    if (!ends_within(patience_with_the_killed)) {
        process_->let_go();
    }
}

bool LocalLink::ends_within(std::chrono::seconds patience) {
    for (auto waited = step; !process_->wait_for(step); waited += step) {
        if (waited >= patience) {
            return false;
        }
        line_.show_life();
    }
    return true;
}

/// `snapferry receive-here` and not snapshot-receive: that one takes no configuration but its own,
/// whoever starts it.
void LocalLink::start(const Tag& tag) {
    sys::Command command;
    command.program = sys::own_directory() / "snapferry";
    command.arguments = {"receive-here", tag.text(), line_.receiver().local_config.native()};
    command.standard_input = std::move(stream_.read_end);
    command.standard_output = std::move(words_.write_end);
    command.standard_error = std::move(errors_.write_end);
    command.in_own_group = true;
    command.prepare = let_it_live_on;
    process_ = sys::Process::start(std::move(command));
    sys::stop_blocking(errors_.read_end.get());
}

void LocalLink::greet() {
    (void)write_some(std::as_bytes(std::span(wire::greeting)));
    note_that_something_was_said();
    (void)write_some(wire::encode(wire::Hello{name_and_version()}));
    std::array<std::byte, wire::greeting.size()> answer{};
    const auto deadline = steady_clock::now() + greeting_patience;
    for (std::span<std::byte> rest = answer; !rest.empty();) {
        const auto count = read_some(rest, sys::left_until(deadline));
        if (count == 0) {
            throw Failure(ExitCode::protocol, "the receiver did not answer the greeting");
        }
        rest = rest.subspan(count);
    }
    if (!std::ranges::equal(answer, std::as_bytes(std::span(wire::greeting)))) {
        throw Failure(ExitCode::protocol, "the receiver does not speak snapferry's protocol");
    }
}

std::size_t LocalLink::write_some(std::span<const std::byte> bytes) {
    wire::Patience patience(line_.receiver().destination.stall_timeout, wire::longest_standstill,
                            steady_clock::now());
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto rest = bytes.subspan(written);
        const auto count =
            ::send(stream_.write_end.get(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count > 0) {
            written += static_cast<std::size_t>(count);
            patience.moved(steady_clock::now());
            continue;
        }
        if (errno == EPIPE || errno == ECONNRESET) {
            break;
        }
        if (errno != EAGAIN && errno != EINTR) {
            throw sys::system_failure(ExitCode::connection, "write to the receiver");
        }
        const auto heard_before = heard_.size();
        wait_for_room(patience.left(steady_clock::now()));
        if (heard_.size() > heard_before) {
            patience.lives(steady_clock::now());
        }
        if (patience.is_silent(steady_clock::now()) || patience.stands_still(steady_clock::now())) {
            throw stalled();
        }
    }
    return written;
}

/// What it says meanwhile is taken in: it must never wait for this side to read.
void LocalLink::wait_for_room(milliseconds patience) {
    const bool listens = !ended_ && heard_.size() < most_heard;
    std::array waiting{pollfd{stream_.write_end.get(), POLLOUT, 0},
                       pollfd{listens ? words_.read_end.get() : -1, POLLIN, 0}};
    (void)::poll(waiting.data(), waiting.size(),
                 sys::poll_timeout(std::min<milliseconds>(patience, step)));
    if (waiting[1].revents != 0) {
        hear();
    }
    line_.show_life();
}

void LocalLink::hear() {
    std::array<std::byte, piece_size> piece{};
    const auto count = read_words(words_.read_end.get(), piece);
    heard_.append(reinterpret_cast<const char*>(piece.data()), count);
    ended_ = count == 0;
}

/// It never ends before its last word: where all has been read, and more is waited for, it was
/// lost.
std::size_t LocalLink::read_some(std::span<std::byte> into, milliseconds wait) {
    if (!heard_.empty()) {
        const auto count = std::min(heard_.size(), into.size());
        std::ranges::copy(std::as_bytes(std::span(heard_)).first(count), into.begin());
        heard_.erase(0, count);
        return count;
    }
    if (!ended_ && !sys::wait_readable(words_.read_end.get(), wait)) {
        line_.show_life();
        return 0;
    }
    const auto count = ended_ ? 0 : read_words(words_.read_end.get(), into);
    if (count == 0) {
        ended_ = true;
        explain_end();
    }
    return count;
}

std::string LocalLink::last_words() {
    std::array<char, piece_size> said{};
    const auto count = ::read(errors_.read_end.get(), said.data(), said.size());
    return {said.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

void LocalLink::explain_end() {
    const auto end = process_ ? process_->wait_for(exit_patience) : std::nullopt;
    if (end) {
        process_.reset();  // which nobody can wait for twice
    }
    const auto status =
        end ? std::optional(end->signalled ? status_of_signals + end->status : end->status)
            : std::nullopt;
    const auto why = judge_session_end({"", last_words(), status});
    if (why.kind == NoReceiver::Kind::crashed) {
        throw ReceiverCrashed(why.code, why.message, why.hint);
    }
    throw_failure_of(why);
}

}  // namespace snapferry::send
