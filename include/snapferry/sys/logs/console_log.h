#pragma once

#include <memory>
#include <string>

#include "snapferry/core/log/log.h"

namespace spdlog {
class logger;
}

namespace snapferry::sys {

enum class Verbosity { quiet, normal, verbose };

/// The least that a log of this verbosity shows.
Severity lowest_shown(Verbosity verbosity);

enum class ConsoleForm {
    text,            ///< for people: the time, and the line
    text_with_jobs,  ///< the same, with the job's name before the line
    json,            ///< for programs: an object a line
};

/// Information goes to stdout, warnings and errors go to stderr, as cron likes it. Quiet keeps the
/// first silent, verbose adds debug lines. Thread-safe.
class ConsoleLog final : public Log {
  public:
    explicit ConsoleLog(Verbosity verbosity, ConsoleForm form = ConsoleForm::text);

    void write(Severity severity, std::string_view line) override;
    void write_about(const LogContext& about, Severity severity, std::string_view line) override;

  private:
    [[nodiscard]] std::string formed(const LogContext& about, Severity severity,
                                     std::string_view line) const;

    Severity lowest_;
    ConsoleForm form_;
    std::shared_ptr<spdlog::logger> out_;
    std::shared_ptr<spdlog::logger> error_;
};

}  // namespace snapferry::sys
