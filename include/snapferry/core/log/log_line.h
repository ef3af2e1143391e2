#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "snapferry/core/log/log.h"

namespace snapferry {

/// A line for people, without the time: trouble says that it is trouble. With `names_job`, for
/// where several jobs write to one log, the job comes first.
std::string log_text(Severity severity, std::string_view message, const LogContext& about,
                     bool names_job);

/// A line for programs: one JSON object with time, severity and message, and of job, tag, snapshot
/// and run what is known. It is valid UTF-8, whatever the message is.
std::string log_json(std::chrono::sys_time<std::chrono::milliseconds> time, Severity severity,
                     std::string_view message, const LogContext& about);

}  // namespace snapferry
