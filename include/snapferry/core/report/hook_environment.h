#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/report/run_report.h"

namespace snapferry {

/// What a hook is told in its environment: SNAPFERRY_... = value, all of them always there, empty
/// where there is nothing to tell, as of a report without a run. `event` is why it is called:
/// success, failure or stale; `age` is that of the newest snapshot that the receiver is known to
/// have.
std::vector<std::string> hook_environment(std::string_view event, const RunReport& report,
                                          std::optional<std::chrono::seconds> age);

}  // namespace snapferry
