#include "snapferry/sys/processes/idle_thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace snapferry::sys {
namespace {

// linux/ioprio.h, which is not C++ in every version of the headers
constexpr int io_who_process = 1;
constexpr int io_class_idle = 3;
constexpr int io_class_shift = 13;

}  // namespace

/// For both calls, 0 is the thread that calls.
void become_idle() {
    constexpr int least_urgent = 19;
    (void)::setpriority(PRIO_PROCESS, 0, least_urgent);
    (void)::syscall(SYS_ioprio_set, io_who_process, 0, io_class_idle << io_class_shift);
}

}  // namespace snapferry::sys
