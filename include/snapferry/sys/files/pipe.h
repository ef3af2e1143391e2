#pragma once

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// bytes; the largest a pipe may have without privileges (fs.pipe-max-size of Linux). A send into
/// the default 64 KiB loses a fifth of its speed to wake-ups.
inline constexpr int large_pipe = 1024 * 1024;

/// Both ends of a new pipe, close-on-exec.
struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;

    static Pipe make();

    /// One that has room for a single write: the next one waits until that is read.
    static Pipe make_for_one_write();

    /// For much data: a pair of sockets. A pipe takes its data a page at a time, and wakes who
    /// writes as soon as a single page is free; a socket takes it in larger pieces, and wakes when
    /// three quarters are free. Measured over a whole send, that saves the receiver 8 % of its
    /// processor time.
    static Pipe make_for_bulk();
};

/// Makes `fd` as large as it may be, where it is a pipe; else nothing.
void enlarge_pipe(int fd);

}  // namespace snapferry::sys
