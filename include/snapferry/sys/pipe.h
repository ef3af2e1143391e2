#pragma once

#include "snapferry/sys/unique_fd.h"

namespace snapferry::sys {

/// bytes; the largest a pipe may have without privileges (fs.pipe-max-size of Linux). A send into
/// the default 64 KiB loses a fifth of its speed to wake-ups.
inline constexpr int large_pipe = 1024 * 1024;

/// Both ends of a new pipe, close-on-exec.
struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;

    static Pipe make();
};

/// Makes `fd` as large as it may be, where it is a pipe; else nothing.
void enlarge_pipe(int fd);

}  // namespace snapferry::sys
