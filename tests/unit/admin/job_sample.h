#pragma once

#include <string>

#include "snapferry/admin/job_state.h"

namespace snapferry::testing {

inline const WallTime noon{std::chrono::seconds(1'764'072'000)};  // 2025-11-25 12:00 UTC

inline RunReport good_run(const std::string& job = "home") {
    RunReport run;
    run.run = "0b0c";
    run.job = job;
    run.identity = JobIdentity::of("/data/snapshots", "daily", "pi.lan", 22, job);
    run.started = noon - std::chrono::hours(2);
    run.duration = std::chrono::milliseconds(4200);
    run.snapshot = "new-@daily";
    run.parent = "old-@daily";
    run.newest = DurableSnapshot{"new-@daily", noon - std::chrono::hours(3)};
    run.stream_bytes = 3 << 20;
    run.wire_bytes = 1 << 20;
    return run;
}

inline RunReport failed_run(const std::string& job = "home") {
    auto run = good_run(job);
    run.outcome = ExitCode::connection;
    run.error = "cannot reach pi.lan; is it on?";
    run.newest = NotAsked{};
    return run;
}

/// A job whose newest backup is three hours old, and whose last run was this.
inline admin::JobState state_of(const RunReport& last) {
    admin::JobState state{last.job, true, JobHistory{}, last.identity};
    state.history->last_run = last;
    state.history->last_success = state.history->last_send = good_run(last.job);
    state.history->newest = DurableSnapshot{"new-@daily", noon - std::chrono::hours(3)};
    state.history->kept = {{"new-@daily", "old-@daily"}};
    state.history->receiver_free_bytes = std::uint64_t{5} << 30;
    if (last.outcome != ExitCode::done)
        state.history->last_failure = last;
    return state;
}

}  // namespace snapferry::testing
