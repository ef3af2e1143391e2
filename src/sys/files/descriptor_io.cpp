#include "snapferry/sys/files/descriptor_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "snapferry/core/failure.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

int poll_timeout(std::chrono::milliseconds patience) {
    using Count = std::chrono::milliseconds::rep;
    return static_cast<int>(std::clamp<Count>(patience.count(), 0, INT_MAX));
}

namespace {

/// Whether there is one within `patience` that has any of its events.
bool wait_for(std::span<pollfd> waiting, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto left = left_until(deadline);
        const int ready = ::poll(waiting.data(), waiting.size(), poll_timeout(left));
        if (ready > 0) {
            return true;
        }
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        if (ready < 0 && errno != EINTR) {
            throw system_failure(ExitCode::internal, "wait for another program");
        }
    }
}

bool wait_for(int fd, short events, std::chrono::milliseconds patience) {
    pollfd waiting{fd, events, 0};
    return wait_for(std::span(&waiting, 1), patience);
}

/// Writes what goes at once, where poll(2) has said that something does. A pipe with room takes as
/// much as is written in one step (pipe(7)); a socket says so where there is none.
ssize_t write_without_waiting(int fd, std::span<const std::byte> bytes) {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0 || errno != ENOTSOCK) {
        return count;
    }
    return ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

}  // namespace

std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds{0});
}

void write_before(std::chrono::steady_clock::time_point deadline, int fd,
                  std::span<const std::byte> bytes, ExitCode code, const std::string& what) {
    while (!bytes.empty()) {
        if (!wait_writable(fd, left_until(deadline))) {
            throw Failure(code, fmt::format("nobody takes what is written {}", what));
        }
        const auto count = write_without_waiting(fd, bytes);
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno != EINTR && errno != EAGAIN) {
            throw system_failure(code, "write " + what);
        }
    }
}

bool wait_readable(int fd, std::chrono::milliseconds patience) {
    return wait_for(fd, POLLIN, patience);
}

bool wait_writable(int fd, std::chrono::milliseconds patience) {
    return wait_for(fd, POLLOUT, patience);
}

std::optional<int> first_readable(int first, int second, std::chrono::milliseconds patience) {
    std::array waiting{pollfd{first, POLLIN, 0}, pollfd{second, POLLIN, 0}};
    if (!wait_for(waiting, patience)) {
        return std::nullopt;
    }
    return waiting[0].revents != 0 ? first : second;
}

void stop_blocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
        throw system_failure(ExitCode::internal, "make a descriptor non-blocking");
    }
}

std::size_t read_some(int fd, std::span<std::byte> into, ExitCode code, const std::string& what) {
    for (;;) {
        const auto count = ::read(fd, into.data(), into.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            throw system_failure(code, "read " + what);
        }
    }
}

void write_all(int fd, std::span<const std::byte> bytes, ExitCode code, const std::string& what) {
    while (!bytes.empty()) {
        const auto count = ::write(fd, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            throw system_failure(code, "write " + what);
        }
    }
}

}  // namespace snapferry::sys
