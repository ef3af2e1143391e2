#pragma once

#include <memory>
#include <string>

#include "snapferry/core/log.h"

namespace spdlog {
class logger;
}

namespace snapferry::sys {

enum class Verbosity { quiet, normal, verbose };

/// Information goes to stdout, warnings and errors go to stderr, as cron likes it. Each line starts
/// with the time. Quiet keeps the first silent, verbose adds debug lines. Thread-safe.
class ConsoleLog final : public Log {
  public:
    explicit ConsoleLog(Verbosity verbosity);

    void write(Severity severity, std::string_view line) override;

  private:
    std::shared_ptr<spdlog::logger> out_;
    std::shared_ptr<spdlog::logger> error_;
};

}  // namespace snapferry::sys
