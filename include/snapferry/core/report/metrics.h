#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "snapferry/core/report/run_report.h"

namespace snapferry {

/// The numbers of all jobs in the text format of Prometheus, after one more run. `before` is what
/// was returned after the last one, of whatever job: counters go on from there, and what this run
/// does not tell stays. What it says of jobs that are not among `jobs` goes. Anything in it that is
/// not of this form is passed over. `max_age`: how old the newest backup of the report's job may
/// be.
std::string metrics_after_run(std::string_view before, const RunReport& report,
                              std::span<const std::string> jobs,
                              std::optional<std::chrono::seconds> max_age = {});

}  // namespace snapferry
