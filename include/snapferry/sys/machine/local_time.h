#pragma once

#include <chrono>
#include <string>

#include "snapferry/core/report/run_report.h"

namespace snapferry::sys {

/// In this machine's zone, for a person: "2026-11-25 07:15:01 +01:00".
std::string local_time_text(WallTime time);

/// The same for a program (ISO 8601): "2026-11-25T07:15:01+01:00".
std::string local_time_iso(WallTime time);

/// How far this machine's zone was ahead of UTC then.
std::chrono::seconds local_offset(WallTime time);

}  // namespace snapferry::sys
