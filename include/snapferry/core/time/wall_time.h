#pragma once

#include <chrono>

namespace snapferry {

/// What a clock says, which anybody may have set.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace snapferry
