#pragma once

#include <chrono>
#include <string_view>
#include <vector>

namespace snapferry {

/// The times in what `systemd-analyze calendar --iterations=N` prints, in their order: those in
/// UTC, which stand on lines of their own where the machine's zone is another. None where it says
/// "never", or nothing of a time.
std::vector<std::chrono::sys_seconds> parse_calendar_answer(std::string_view text);

/// True where it says that there is no time any more.
bool says_never(std::string_view text);

/// True where systemd-analyze says (what it writes to both outputs, in English) that this is no
/// calendar expression. That it fails is not enough: it may fail by many things.
bool refuses_calendar_expression(std::string_view text);

}  // namespace snapferry
