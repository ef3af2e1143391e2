#include "json_text.h"
#include "snapferry/admin/status.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

double seconds_of(std::chrono::milliseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

Json name_or_null(const NewestBackup& newest) {
    const auto* const snapshot = newest.snapshot();
    return snapshot == nullptr ? Json(nullptr) : Json(snapshot->name);
}

Json run_json(const RunReport& run) {
    return {{"run", run.run},
            {"job", run.job},
            {"receiver", run.identity.host},
            {"port", run.identity.port == 0 ? Json(nullptr) : Json(run.identity.port)},
            {"dest_tag", run.identity.dest_tag},
            {"snapshot_dir", or_null(run.identity.snapshot_dir)},
            {"source_tag", or_null(run.identity.source_tag)},
            {"started", sys::local_time_iso(run.started)},
            {"duration_seconds", seconds_of(run.duration)},
            {"exit_code", static_cast<int>(run.outcome)},
            {"error", or_null(run.error)},
            {"snapshot", or_null(run.snapshot)},
            {"parent", or_null(run.parent)},
            {"stream_bytes", run.stream_bytes},
            {"wire_bytes", run.wire_bytes},
            {"newest", name_or_null(run.newest)},
            {"newest_known", run.newest.is_known()},
            {"nested", run.nested}};
}

Json run_or_null(const std::optional<RunReport>& run) {
    return run ? run_json(*run) : Json(nullptr);
}

Json newest_json(const JobState& state, WallTime now) {
    if (const auto age = age_of_newest(state, now)) {
        const auto& newest = *state.history->newest.snapshot();
        return {{"name", newest.name},
                {"taken", sys::local_time_iso(newest.taken)},
                {"age_seconds", age->count()}};
    }
    return nullptr;
}

Json job_json(const JobState& state, WallTime now) {
    const auto history = state.history.value_or(JobHistory{});
    const auto& free = history.receiver_free_bytes;
    return {{"job", state.job},
            {"configured", state.configured},
            {"paused", or_null(state.paused)},
            {"last_run", state.history ? run_json(history.last_run) : Json(nullptr)},
            {"last_success", run_or_null(history.last_success)},
            {"last_send", run_or_null(history.last_send)},
            {"last_failure", run_or_null(history.last_failure)},
            {"newest", newest_json(state, now)},
            {"newest_known", history.newest.is_known()},
            {"kept", history.kept ? Json(*history.kept) : Json(nullptr)},
            {"receiver_free_bytes", free ? Json(*free) : Json(nullptr)}};
}

}  // namespace

std::string status_json(const std::vector<JobState>& states, WallTime now) {
    auto jobs = Json::array();
    for (const auto& state : states) {
        jobs.push_back(job_json(state, now));
    }
    return text_of({{"time", sys::local_time_iso(now)}, {"jobs", jobs}});
}

std::string history_json(const std::vector<RunReport>& runs) {
    auto all = Json::array();
    for (const auto& run : runs) {
        all.push_back(run_json(run));
    }
    return text_of({{"runs", all}});
}

}  // namespace snapferry::admin
