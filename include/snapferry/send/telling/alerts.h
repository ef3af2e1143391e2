#pragma once

#include "snapferry/core/report/log.h"
#include "snapferry/send/run/run_once.h"
#include "snapferry/send/telling/hooks.h"
#include "snapferry/send/telling/metrics_file.h"

namespace snapferry::send {

/// Everybody who is to hear of runs, as the jobs themselves configure it: hooks and metrics.
class Alerts {
  public:
    explicit Alerts(Log& log) : hooks_(log) {}

    [[nodiscard]] Listeners listeners() { return {&metrics_, &hooks_}; }
    [[nodiscard]] Hooks& hooks() { return hooks_; }

  private:
    MetricsFile metrics_;
    Hooks hooks_;
};

}  // namespace snapferry::send
