#pragma once

#include <cstdint>

#include "snapferry/core/time/wall_time.h"

namespace snapferry {

/// A time as it stands in files and databases: milliseconds since 1970.
inline std::int64_t number_of(WallTime time) {
    return time.time_since_epoch().count();
}

inline WallTime time_of(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

}  // namespace snapferry
