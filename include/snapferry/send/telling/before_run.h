#pragma once

#include "snapferry/core/report/run_report.h"
#include "snapferry/send/config/alert_settings.h"

namespace snapferry::send {

/// Calls before_run, where there is one, and waits for its end: it wakes the receiver, or makes the
/// way to it. Throws Failure (connection) where it fails or takes too long: then nobody is called.
void call_before_run(const HookSettings& hooks, const RunReport& report);

}  // namespace snapferry::send
