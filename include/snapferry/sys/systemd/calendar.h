#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace snapferry::sys {

/// The next time that a calendar expression of systemd.time(7) names, by this machine's time zone;
/// nothing where there is none any more. systemd's own reading of it: systemd-analyze is asked.
/// Throws Failure (configuration) where it is no such expression, or systemd-analyze is missing.
std::optional<std::chrono::sys_seconds> next_calendar_time(const std::string& expression);

/// What local time is ahead of UTC by, at that time.
std::chrono::seconds local_offset(std::chrono::sys_seconds at);

}  // namespace snapferry::sys
