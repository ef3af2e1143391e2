#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "snapferry/core/log/log.h"
#include "snapferry/sys/logs/console_log.h"

namespace snapferry::sys {

/// How a program writes its log: text, json, journal; or automatic: the journal where the program
/// is connected to it, else text.
enum class LogFormat { automatic, text, json, journal };

/// "auto", "text", "json" or "journal". Throws Failure (configuration) for anything else.
LogFormat parse_log_format(std::string_view text);

struct LogSettings {
    std::string program;  ///< its name
    LogFormat format = LogFormat::automatic;
    Verbosity verbosity = Verbosity::normal;
    bool names_jobs = false;  ///< in text: several jobs write to it
};

std::unique_ptr<Log> open_log(const LogSettings& settings);

}  // namespace snapferry::sys
