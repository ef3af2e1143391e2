#pragma once

#include <chrono>
#include <string>

namespace snapferry {

/// "2026-11-25T07:00:01.250Z": RFC 3339, in UTC.
std::string utc_text(std::chrono::sys_time<std::chrono::milliseconds> time);

}  // namespace snapferry
