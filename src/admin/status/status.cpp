#include "snapferry/admin/status/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/admin/text_table.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

Cell outcome_cell(ExitCode outcome) {
    return {outcome_text(outcome), outcome == ExitCode::done ? Paint::good : Paint::bad};
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

std::string when_text(WallTime time, WallTime now) {
    using std::chrono::days;
    constexpr days names_of_days_tell_for{6};
    const auto clock = sys::local_time_text(time);
    const auto day_of = [](WallTime at) {
        return std::chrono::floor<days>(at + sys::local_offset(at));
    };
    const auto day = day_of(time);
    const auto ago = day_of(now) - day;
    const auto time_of_day = clock.substr(std::string("2026-11-25 ").size(), 5);
    if (ago == days{0}) {
        return "today " + time_of_day;
    }
    if (ago == days{-1}) {
        return "tomorrow " + time_of_day;
    }
    if (ago == days{1}) {
        return "yesterday " + time_of_day;
    }
    if (ago > days{1} && ago <= names_of_days_tell_for) {
        constexpr std::array names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        const std::chrono::weekday weekday(std::chrono::sys_days(day.time_since_epoch()));
        return fmt::format("{} {}", names.at(weekday.c_encoding()), time_of_day);
    }
    return clock.substr(0, std::string("2026-11-25").size());
}

std::string state_text(const JobState& state, WallTime now, bool brief) {
    if (state.under_way) {
        return text_of(*state.under_way, brief);
    }
    const auto condition = judge(state, now).condition;
    const auto since = state.history ? state.history->failing_since : std::nullopt;
    if (condition == Condition::stale && since && !brief) {
        return "stale, failing since " + when_text(*since, now);
    }
    if (condition == Condition::failing && since) {
        return "failing since " + when_text(*since, now);
    }
    return condition == Condition::from_the_future ? "clock?" : name_of(condition);
}

std::string state_text(const TagStatus& tag, bool brief) {
    if (tag.under_way) {
        return text_of(*tag.under_way, brief);
    }
    if (tag.has_alarm) {
        return "ALARM";
    }
    if (!tag.newest) {
        return tag.kept ? "never" : "unknown";
    }
    if (tag.age && *tag.age > tag.allowed.stale_after && !tag.is_derived) {
        return "stale";
    }
    if (tag.is_held) {
        return "held";
    }
    return tag.findings.empty() || worst_of(tag.findings) == CheckState::ok ? "ok" : "see below";
}

std::string kept_text(const TagStatus& tag) {
    return tag.kept ? std::to_string(*tag.kept) : "-";
}

std::string verified_text(const TagStatus& tag) {
    return tag.verified_ago ? rough_duration(*tag.verified_ago) + " ago" : tag.kept ? "never" : "-";
}

std::string new_data_text(const TagStatus& tag) {
    return tag.new_bytes ? byte_text(*tag.new_bytes) : "-";
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
