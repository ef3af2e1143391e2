#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/core/report/run_report.h"

namespace snapferry {

/// Says of each line which run it is about, as far as the run's report tells when it is written.
class RunLog final : public Log {
  public:
    RunLog(const RunReport& report, Log& log) : report_(report), log_(log) {}

    void write(Severity severity, std::string_view line) override {
        log_.write_about({report_.job, report_.identity.dest_tag, report_.snapshot, report_.run},
                         severity, line);
    }

  private:
    const RunReport& report_;
    Log& log_;
};

}  // namespace snapferry
