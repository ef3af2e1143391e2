#include "snapferry/sys/descriptor_io.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

bool wait_readable(int fd, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{fd, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<long>(left.count(), 0)));
        if (ready > 0) {
            return true;
        }
        if (ready == 0) {
            return false;
        }
        if (errno != EINTR) {
            throw system_failure(ExitCode::internal, "wait for input");
        }
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
