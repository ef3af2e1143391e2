#include "snapferry/sys/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

Pipe Pipe::make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw system_failure(ExitCode::internal, "make a pipe");
    }
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void enlarge_pipe(int fd) {
    // Only a matter of speed: a refusal (not a pipe, the user's limit) changes nothing.
    (void)::fcntl(fd, F_SETPIPE_SZ, large_pipe);
}

}  // namespace snapferry::sys
