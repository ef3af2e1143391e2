#include "snapferry/sys/descriptor_io.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

int poll_timeout(std::chrono::milliseconds patience) {
    using Count = std::chrono::milliseconds::rep;
    return static_cast<int>(std::clamp<Count>(patience.count(), 0, INT_MAX));
}

namespace {

bool wait_for(int fd, short events, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{fd, events, 0};
        const int ready = ::poll(&waiting, 1, poll_timeout(left));
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

}  // namespace

bool wait_readable(int fd, std::chrono::milliseconds patience) {
    return wait_for(fd, POLLIN, patience);
}

bool wait_writable(int fd, std::chrono::milliseconds patience) {
    return wait_for(fd, POLLOUT, patience);
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
