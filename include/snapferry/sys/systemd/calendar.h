#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "snapferry/core/time/moment.h"

namespace snapferry::sys {

/// The next times that a calendar expression of systemd.time(7) names, by this machine's time zone,
/// CalendarPlan::asked_for at most; none where there is none any more. systemd's own reading of it:
/// systemd-analyze is asked, for some seconds at most. Throws Failure (configuration) where it is
/// no such expression, and Failure (internal) where nobody can say.
std::vector<std::chrono::sys_seconds> calendar_times(const std::string& expression);

/// Throws Failure (configuration) where systemd says that this is no calendar expression. Where it
/// cannot be asked, that is no fault of the expression.
void require_calendar_expression(const std::string& expression);

/// By this machine's clocks. Never throws.
Moment now();

/// What local time is ahead of UTC by, at that time.
std::chrono::seconds local_offset(std::chrono::sys_seconds at);

}  // namespace snapferry::sys
