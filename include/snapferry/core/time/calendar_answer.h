#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace snapferry {

/// The next time in what `systemd-analyze calendar` prints: the one in UTC, which stands on a line
/// of its own where the machine's zone is another. Nothing where it says "never", or nothing of a
/// time.
std::optional<std::chrono::sys_seconds> parse_calendar_answer(std::string_view text);

}  // namespace snapferry
