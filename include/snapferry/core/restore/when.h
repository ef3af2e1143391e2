#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "snapferry/core/time/name_time.h"

namespace snapferry::restore {

/// The moment that a person means by a text, in the zone of this machine unless it says another:
///
///     2026-11-20  2026-11-20 14:30  2026-11-20T14:30:05  2026-11-20T14:30:05+01:00  ...Z
///     now  today  yesterday  yesterday 14:30  tuesday  last tuesday  last tuesday at 14:30
///     3 hours ago  2 days ago  a week ago  6 months ago
///
/// A day without a time of day means its end: what was in force then is the last backup of that
/// day. "tuesday" and "last tuesday" are the latest Tuesday before today. A month or a year ago is
/// the same day of that month, or its last. Nothing for any other text, and for a date there is
/// not.
std::optional<std::chrono::sys_seconds> parse_when(std::string_view text,
                                                   std::chrono::sys_seconds now,
                                                   const ZoneOffset& zone);

}  // namespace snapferry::restore
