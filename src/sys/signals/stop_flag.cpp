#include "snapferry/sys/signals/stop_flag.h"

#include <sys/eventfd.h>

#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

StopFlag::StopFlag() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) {
        throw system_failure(ExitCode::internal, "make an eventfd");
    }
}

void StopFlag::raise() const {
    (void)::eventfd_write(event_.get(), 1);
}

bool StopFlag::is_raised() const {
    return wait_readable(event_.get(), std::chrono::milliseconds{0});
}

}  // namespace snapferry::sys
