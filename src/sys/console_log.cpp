#include "snapferry/sys/console_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace snapferry::sys {
namespace {

constexpr auto line_pattern = "%Y-%m-%dT%H:%M:%S%z %v";

spdlog::level::level_enum lowest_shown(Verbosity verbosity) {
    switch (verbosity) {
        case Verbosity::quiet:
            return spdlog::level::warn;
        case Verbosity::normal:
            return spdlog::level::info;
        case Verbosity::verbose:
            return spdlog::level::debug;
    }
    return spdlog::level::info;
}

}  // namespace

ConsoleLog::ConsoleLog(Verbosity verbosity)
    : out_(std::make_shared<spdlog::logger>("out",
                                            std::make_shared<spdlog::sinks::stdout_sink_mt>())),
      error_(std::make_shared<spdlog::logger>("error",
                                              std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    for (const auto& logger : {out_, error_}) {
        logger->set_pattern(line_pattern);
        logger->set_level(lowest_shown(verbosity));
        logger->flush_on(spdlog::level::debug);
    }
}

void ConsoleLog::write(Severity severity, std::string_view line) {
    switch (severity) {
        case Severity::debug:
            out_->debug(line);
            break;
        case Severity::info:
            out_->info(line);
            break;
        case Severity::warning:
            error_->warn(line);
            break;
        case Severity::error:
            error_->error(line);
            break;
    }
}

}  // namespace snapferry::sys
