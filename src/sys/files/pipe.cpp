#include "snapferry/sys/files/pipe.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

namespace {

Pipe make_with(int flags) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | flags) != 0) {
        throw system_failure(ExitCode::internal, "make a pipe");
    }
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

Pipe Pipe::make() {
    return make_with(0);
}

/// Of one page, and a page is a write's own.
Pipe Pipe::make_for_one_write() {
    auto pipe = make_with(O_DIRECT);
    if (::fcntl(pipe.write_end.get(), F_SETPIPE_SZ, 1) < 0) {
        throw system_failure(ExitCode::internal, "make a pipe small");
    }
    return pipe;
}

Pipe Pipe::make_for_bulk() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw system_failure(ExitCode::internal, "make a pair of sockets");
    }
    Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
    // Only a matter of speed; more than the system's limit (net.core.wmem_max) is cut to that. More
    // by force is slower: what waits is no longer in the processor's cache when it is read.
    constexpr int room = large_pipe;
    (void)::setsockopt(pipe.write_end.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    return pipe;
}

void enlarge_pipe(int fd) {
    // Only a matter of speed: a refusal (not a pipe, the user's limit) changes nothing.
    (void)::fcntl(fd, F_SETPIPE_SZ, large_pipe);
}

}  // namespace snapferry::sys
