#include "snapferry/admin/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/admin/text_table.h"
#include "snapferry/core/report/nested_text.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

Cell outcome_cell(ExitCode outcome) {
    return {outcome_text(outcome), outcome == ExitCode::done ? Paint::good : Paint::bad};
}

std::string amount_text(const RunReport& run) {
    return fmt::format("{} in {}", byte_text(run.stream_bytes), run_duration_text(run.duration));
}

Cell newest_cell(const NewestBackup& newest) {
    const auto* const snapshot = newest.snapshot();
    if (snapshot != nullptr) {
        return {escape_text(snapshot->name)};
    }
    return {newest.is_known() ? "none" : "unknown", Paint::bad};
}

Row row_of(const JobState& state, WallTime now) {
    const Cell job{escape_text(state.job)};
    if (!state.history) {
        return {job,  {"never run", Paint::bad}, {"-"}, {"unknown", Paint::bad}, {"-"}, {"-"},
                {"-"}};
    }
    const auto& history = *state.history;
    const auto age = age_of_newest(state, now);
    return {job,
            {sys::local_time_text(history.last_run.started)},
            outcome_cell(history.last_run.outcome),
            newest_cell(history.newest),
            {age ? age_text(*age) : "-"},
            {history.kept ? std::to_string(history.kept->size()) : "-"},
            {history.last_send ? amount_text(*history.last_send) : "-"}};
}

/// What is in no backup, and what may be none.
std::string concerns_text(const JobState& state, const sys::Screen& screen) {
    std::string text;
    const auto add = [&](const std::string& words) {
        text += "\n" + wrapped_text(fmt::format("{}: {}", escape_text(state.job), words), screen);
    };
    if (!state.paused.empty()) {
        add(fmt::format("{}; snapferry resume {} lets it be sent again", state.paused,
                        state.identity.dest_tag));
    }
    if (state.history && state.history->small_full_send) {
        add(text_of(*state.history->small_full_send));
    }
    if (state.history && !state.history->last_run.nested.empty()) {
        add(nested_text(state.history->last_run.nested));
    }
    return text;
}

std::string words_of(const RunReport& run) {
    if (run.outcome != ExitCode::done) {
        return escape_text(run.error.empty() ? meaning_of(run.outcome) : run.error);
    }
    if (run.stream_bytes == 0) {
        const auto* const newest = run.newest.snapshot();
        return newest == nullptr ? "nothing to send"
                                 : fmt::format("nothing to send: {}", escape_text(newest->name));
    }
    return fmt::format("{} {}", escape_text(run.snapshot), run.parent.empty() ? "in full" : "");
}

}  // namespace

std::string age_text(std::chrono::seconds age) {
    return duration_text(std::max(age, std::chrono::seconds{0}));
}

std::string run_duration_text(std::chrono::milliseconds duration) {
    constexpr std::chrono::seconds exact_below{10};
    if (duration < exact_below) {
        return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
    }
    return duration_text(std::chrono::floor<std::chrono::seconds>(duration));
}

std::string status_text(const std::vector<JobState>& states, WallTime now,
                        const sys::Screen& screen) {
    if (states.empty()) {
        return "no job is configured, and none has ever run\n";
    }
    const std::vector<Column> columns{
        {"JOB", true}, {"LAST RUN"}, {"OUTCOME"},  {"NEWEST BACKUP", true},
        {"AGE"},       {"KEPT"},     {"LAST SEND"}};
    std::vector<Row> rows;
    rows.reserve(states.size());
    for (const auto& state : states) {
        rows.push_back(row_of(state, now));
    }
    auto text = table_text(columns, rows, screen);
    for (const auto& state : states) {
        if (last_run_failed(state)) {
            text += "\n" + wrapped_text(fmt::format("{}: {}", escape_text(state.job),
                                                    words_of(state.history->last_run)),
                                        screen);
        }
        text += concerns_text(state, screen);
    }
    return text;
}

std::string history_text(const std::vector<RunReport>& runs, const sys::Screen& screen) {
    if (runs.empty()) {
        return "no run is known\n";
    }
    const std::vector<Column> columns{{"STARTED"}, {"JOB", true},   {"OUTCOME"}, {"TIME"},
                                      {"SENT"},    {"ON THE LINE"}, {"WHAT"}};
    std::vector<Row> rows;
    rows.reserve(runs.size());
    for (const auto& run : runs) {
        rows.push_back({{sys::local_time_text(run.started)},
                        {escape_text(run.job)},
                        outcome_cell(run.outcome),
                        {run_duration_text(run.duration)},
                        {run.stream_bytes == 0 ? "-" : byte_text(run.stream_bytes)},
                        {run.wire_bytes == 0 ? "-" : byte_text(run.wire_bytes)},
                        {words_of(run)}});
    }
    return table_text(columns, rows, screen);
}

}  // namespace snapferry::admin
