#pragma once

#include <chrono>

namespace snapferry::sys {

/// What the kernel has counted of a TCP connection since it was made.
struct LineUse {
    std::chrono::microseconds busy{0};              ///< something was on the line or waited for it
    std::chrono::microseconds held_by_receiver{0};  ///< of that: the other side took nothing
};

/// All zero where the kernel does not say (before Linux 4.10, or not TCP).
LineUse line_use(int socket);

}  // namespace snapferry::sys
