#include <string>

#include "../json_text.h"
#include "snapferry/admin/status/status.h"
#include "snapferry/core/check/check_state.h"
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

Json allowed_json(const AllowedAge& allowed) {
    return {
        {"stale_after_seconds", allowed.stale_after.count()},
        {"doubtful_after_seconds", allowed.doubtful_after.count()},
        {"from", name_of(allowed.source)},
        {"interval_seconds", allowed.interval ? Json(allowed.interval->count()) : Json(nullptr)}};
}

Json under_way_json(const std::optional<UnderWay>& at) {
    if (!at) {
        return nullptr;
    }
    return {{"phase", std::string(name_of(at->phase))},
            {"snapshot", or_null(at->snapshot)},
            {"done_bytes", at->done},
            {"bytes_a_second", at->rate},
            {"whole_bytes", at->whole ? Json(*at->whole) : Json(nullptr)}};
}

Json findings_json(const std::vector<Finding>& findings) {
    auto list = Json::array();
    for (const auto& one : findings) {
        list.push_back({{"state", std::string(name_of(one.state))}, {"text", one.text}});
    }
    return list;
}

Json word_json(const JobHistory& history) {
    if (!history.receiver_word) {
        return nullptr;
    }
    return {{"time", sys::local_time_iso(history.word_said)},
            {"disk", findings_json(history.receiver_word->disk)},
            {"tag", findings_json(history.receiver_word->tag)}};
}

Json job_json(const JobState& state, WallTime now) {
    const auto history = state.history.value_or(JobHistory{});
    const auto& free = history.receiver_free_bytes;
    return {
        {"job", state.job},
        {"configured", state.configured},
        {"paused", or_null(state.paused)},
        {"last_run", state.history ? run_json(history.last_run) : Json(nullptr)},
        {"last_success", run_or_null(history.last_success)},
        {"last_send", run_or_null(history.last_send)},
        {"last_failure", run_or_null(history.last_failure)},
        {"newest", newest_json(state, now)},
        {"newest_known", history.newest.is_known()},
        {"kept", history.kept ? Json(*history.kept) : Json(nullptr)},
        {"receiver_free_bytes", free ? Json(*free) : Json(nullptr)},
        {"state", name_of(judge(state, now).condition)},
        {"state_text", state_text(state, now)},
        {"needs_you", judge(state, now).state != CheckState::ok},
        {"max_age", allowed_json(state.allowed)},
        {"failing_since",
         history.failing_since ? Json(sys::local_time_iso(*history.failing_since)) : Json(nullptr)},
        {"under_way", under_way_json(state.under_way)},
        {"receiver_said", word_json(history)}};
}

Json tag_json(const TagStatus& tag) {
    return {{"tag", tag.tag},
            {"derived", tag.is_derived},
            {"state_text", state_text(tag)},
            {"needs_you", !tag.findings.empty() && worst_of(tag.findings) != CheckState::ok},
            {"newest_arrived", tag.newest ? Json(sys::local_time_iso(*tag.newest)) : Json(nullptr)},
            {"age_seconds", tag.age ? Json(tag.age->count()) : Json(nullptr)},
            {"max_age", allowed_json(tag.allowed)},
            {"kept", tag.kept ? Json(*tag.kept) : Json(nullptr)},
            {"new_bytes", tag.new_bytes ? Json(*tag.new_bytes) : Json(nullptr)},
            {"verified_seconds_ago",
             tag.verified_ago ? Json(tag.verified_ago->count()) : Json(nullptr)},
            {"alarm", tag.has_alarm},
            {"held", tag.is_held},
            {"under_way", under_way_json(tag.under_way)},
            {"findings", findings_json(tag.findings)}};
}

Json disk_json(const DiskStatus& disk) {
    const auto full = full_in(disk);
    return {{"free_bytes", disk.free},
            {"total_bytes", disk.total},
            {"reserve_bytes", disk.reserve},
            {"arriving_bytes_a_day", disk.bytes_a_day},
            {"full_in_seconds", full ? Json(full->count()) : Json(nullptr)}};
}

Json receiving_json(const std::optional<ReceivingStatus>& receiving) {
    if (!receiving) {
        return nullptr;
    }
    auto tags = Json::array();
    for (const auto& tag : receiving->tags) {
        tags.push_back(tag_json(tag));
    }
    return {{"tags", tags},
            {"disk", receiving->disk ? disk_json(*receiving->disk) : Json(nullptr)},
            {"findings", findings_json(receiving->findings)}};
}

Json time_or_null(const std::optional<std::chrono::sys_seconds>& time) {
    return time ? Json(sys::local_time_iso(*time)) : Json(nullptr);
}

Json rotations_json(const std::vector<RotationStanding>& rotations, WallTime now) {
    auto list = Json::array();
    for (const auto& one : rotations) {
        const auto finding = finding_of(one, now);
        list.push_back({{"name", one.name},
                        {"subvolume", one.subvolume},
                        {"state", std::string(name_of(condition_of(one, now)))},
                        {"text", finding.text},
                        {"needs_you", finding.state != CheckState::ok},
                        {"newest", time_or_null(one.last)},
                        {"missed", time_or_null(one.missed)},
                        {"next", time_or_null(one.next)}});
    }
    return list;
}

}  // namespace

std::string status_json(const Standing& standing, WallTime now) {
    constexpr int version = 1;  // of this form: fields may be added within it
    auto jobs = Json::array();
    for (const auto& state : standing.jobs) {
        jobs.push_back(job_json(state, now));
    }
    const auto verdict = verdict_of(standing, now);
    return text_of({{"version", version},
                    {"time", sys::local_time_iso(now)},
                    {"well", verdict.is_well},
                    {"verdict", verdict.text},
                    {"jobs", jobs},
                    {"receiving", receiving_json(standing.receiving)},
                    {"others", findings_json(standing.others)},
                    {"snapshots", rotations_json(standing.rotations, now)}});
}

std::string history_json(const std::vector<RunReport>& runs) {
    auto all = Json::array();
    for (const auto& run : runs) {
        all.push_back(run_json(run));
    }
    return text_of({{"runs", all}});
}

}  // namespace snapferry::admin
