#include "snapferry/sys/logs/open_log.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/logs/journal_log.h"

namespace snapferry::sys {

LogFormat parse_log_format(std::string_view text) {
    if (text == "auto") {
        return LogFormat::automatic;
    }
    if (text == "text") {
        return LogFormat::text;
    }
    if (text == "json") {
        return LogFormat::json;
    }
    if (text == "journal") {
        return LogFormat::journal;
    }
    throw Failure(ExitCode::configuration,
                  fmt::format("\"{}\" is no format of a log", escape_text(text)),
                  "it is auto, text, json or journal");
}

std::unique_ptr<Log> open_log(const LogSettings& settings) {
    const bool is_journal = settings.format == LogFormat::journal ||
                            (settings.format == LogFormat::automatic && writes_to_journal());
    if (is_journal) {
        return std::make_unique<JournalLog>(settings.program, settings.verbosity);
    }
    if (settings.format == LogFormat::json) {
        return std::make_unique<ConsoleLog>(settings.verbosity, ConsoleForm::json);
    }
    return std::make_unique<ConsoleLog>(
        settings.verbosity, settings.names_jobs ? ConsoleForm::text_with_jobs : ConsoleForm::text);
}

}  // namespace snapferry::sys
