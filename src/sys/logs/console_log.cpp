#include "snapferry/sys/logs/console_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>

#include "snapferry/core/log/log_line.h"

namespace snapferry::sys {
namespace {

constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S%z %v";
constexpr auto json_pattern = "%v";  // the object has the time

std::chrono::sys_time<std::chrono::milliseconds> now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

Severity lowest_shown(Verbosity verbosity) {
    switch (verbosity) {
        case Verbosity::quiet:
            return Severity::warning;
        case Verbosity::normal:
            return Severity::info;
        case Verbosity::verbose:
            return Severity::debug;
    }
    return Severity::info;
}

ConsoleLog::ConsoleLog(Verbosity verbosity, ConsoleForm form)
    : lowest_(lowest_shown(verbosity)),
      form_(form),
      out_(std::make_shared<spdlog::logger>("out",
                                            std::make_shared<spdlog::sinks::stdout_sink_mt>())),
      error_(std::make_shared<spdlog::logger>("error",
                                              std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    for (const auto& logger : {out_, error_}) {
        logger->set_pattern(form == ConsoleForm::json ? json_pattern : text_pattern);
        logger->flush_on(spdlog::level::info);
    }
}

std::string ConsoleLog::formed(const LogContext& about, Severity severity,
                               std::string_view line) const {
    return form_ == ConsoleForm::json
               ? log_json(now(), severity, line, about)
               : log_text(severity, line, about, form_ == ConsoleForm::text_with_jobs);
}

void ConsoleLog::write(Severity severity, std::string_view line) {
    write_about({}, severity, line);
}

void ConsoleLog::write_about(const LogContext& about, Severity severity, std::string_view line) {
    if (severity >= lowest_) {
        const auto& logger = severity >= Severity::warning ? error_ : out_;
        logger->info(formed(about, severity, line));
    }
}

}  // namespace snapferry::sys
