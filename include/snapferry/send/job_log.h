#pragma once

#include "snapferry/core/log.h"
#include "snapferry/send/job.h"

namespace snapferry::send {

/// Says of each line which job it is about, where several run.
class JobLog final : public Log {
  public:
    JobLog(const Job& job, Log& log) : job_(job), log_(log) {}

    void write(Severity severity, std::string_view line) override {
        log_.write(severity, fmt::format("{}: {}", job_.name, line));
    }

  private:
    const Job& job_;
    Log& log_;
};

}  // namespace snapferry::send
