#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/time/moment.h"

namespace snapferry::sys {

/// The next times that a calendar expression of systemd.time(7) names, by this machine's time zone,
/// CalendarPlan::asked_for at most; none where there is none any more. systemd's own reading of it:
/// systemd-analyze is asked, for some seconds at most. Throws Failure (configuration) where it is
/// no such expression, and Failure (internal) where nobody can say.
std::vector<std::chrono::sys_seconds> calendar_times(const std::string& expression);

/// The same after a time, which may be past.
std::vector<std::chrono::sys_seconds> calendar_times_after(const std::string& expression,
                                                           std::chrono::sys_seconds time);

/// Judges the calendar expressions of one configuration. Where one cannot be asked for, that is no
/// fault of the expression, and the others are taken on trust, too: a systemd-analyze that hangs
/// must not hold a start up once for each.
class CalendarJudge {
  public:
    /// Throws Failure (configuration) where systemd says that this is no calendar expression.
    void require(const std::string& expression);

  private:
    std::set<std::string> good_;
    bool answers_ = true;
};

/// By this machine's clocks. Never throws.
Moment now();

/// What local time is ahead of UTC by, at that time.
std::chrono::seconds local_offset(std::chrono::sys_seconds at);

}  // namespace snapferry::sys
