#pragma once

#include <string>

#include "snapferry/core/log/log.h"
#include "snapferry/sys/logs/console_log.h"

namespace snapferry::sys {

/// True where systemd has connected both stdout and stderr to the journal: what somebody has led
/// elsewhere stays there.
bool writes_to_journal();

/// Lines go to systemd's journal, with PRIORITY, and what they are about as SNAPFERRY_JOB,
/// SNAPFERRY_TAG, SNAPFERRY_SNAPSHOT and SNAPFERRY_RUN. One that the journal does not take goes to
/// the console. Thread-safe.
class JournalLog final : public Log {
  public:
    /// `identifier`: the program's name. Throws Failure (configuration) where there is no journal.
    JournalLog(std::string identifier, Verbosity verbosity);

    void write(Severity severity, std::string_view line) override;
    void write_about(const LogContext& about, Severity severity, std::string_view line) override;

  private:
    std::string identifier_;
    Severity lowest_;
    ConsoleLog console_;
};

}  // namespace snapferry::sys
