#include "status_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry::admin {
namespace {

struct Table {
    std::vector<Column> columns;
    std::function<std::vector<Row>(bool brief)> rows;
};

/// The columns after these are less telling the further right they are.
constexpr std::size_t least_columns = 3;

std::string fitted(const Table& table, const sys::Screen& screen) {
    auto columns = table.columns;
    auto rows = table.rows(false);
    const auto fits = [&] { return !screen.width || table_width(columns, rows) <= *screen.width; };
    if (!fits()) {
        rows = table.rows(true);
    }
    while (!fits() && columns.size() > least_columns) {
        columns.pop_back();
        for (auto& row : rows) {
            row.pop_back();
        }
    }
    return table_text(columns, rows, screen);
}

Paint paint_of(CheckState state, bool is_under_way) {
    return state == CheckState::critical ? Paint::bad
           : state != CheckState::ok     ? Paint::warning
           : is_under_way                ? Paint::plain
                                         : Paint::good;
}

Cell newest_cell(const JobState& job, WallTime now) {
    const auto* const newest = job.history ? job.history->newest.snapshot() : nullptr;
    if (newest != nullptr) {
        return {when_text(newest->taken, now)};
    }
    return {has_nothing_there(job) ? "none" : "unknown", Paint::bad};
}

Row row_of(const JobState& job, WallTime now, bool brief) {
    const auto judgement = judge(job, now);
    const auto* const history = job.history ? &*job.history : nullptr;
    return {{escape_text(job.job)},
            {state_text(job, now, brief), paint_of(judgement.state, job.under_way.has_value())},
            newest_cell(job, now),
            {history != nullptr && history->kept ? std::to_string(history->kept->size()) : "-"},
            {history != nullptr && history->receiver_free_bytes
                 ? byte_text(*history->receiver_free_bytes)
                 : "-"}};
}

CheckState worst_of_tag(const TagStatus& tag) {
    return tag.findings.empty() ? CheckState::ok : worst_of(tag.findings);
}

Row row_of(const TagStatus& tag, WallTime now, bool brief) {
    return {{tag.tag},
            {state_text(tag, brief), paint_of(worst_of_tag(tag), tag.under_way.has_value())},
            tag.newest ? Cell{when_text(*tag.newest, now)}
                       : Cell{tag.kept ? "none" : "unknown", Paint::bad},
            {kept_text(tag)},
            {verified_text(tag)},
            {new_data_text(tag)}};
}

Paint paint_of(RotationCondition condition) {
    return condition == RotationCondition::ok ? Paint::good : Paint::warning;
}

std::string time_cell(const std::optional<std::chrono::sys_seconds>& time, WallTime now) {
    return time ? when_text(*time, now) : "-";
}

Row row_of(const RotationStanding& rotation, WallTime now, bool /*brief*/) {
    const auto condition = condition_of(rotation, now);
    return {{escape_text(rotation.name)},
            {std::string(name_of(condition)), paint_of(condition)},
            {time_cell(rotation.last, now)},
            {time_cell(rotation.next, now)}};
}

/// A row for each, with what only a wide screen has room for.
template <typename One>
std::string table_of(const std::vector<Column>& columns, const std::vector<One>& all, WallTime now,
                     const sys::Screen& screen) {
    return fitted({columns,
                   [&](bool brief) {
                       std::vector<Row> rows;
                       rows.reserve(all.size());
                       for (const auto& one : all) {
                           rows.push_back(row_of(one, now, brief));
                       }
                       return rows;
                   }},
                  screen);
}

}  // namespace

std::string jobs_table(const std::vector<JobState>& jobs, WallTime now, const sys::Screen& screen) {
    return table_of({{"JOB", true}, {"STATE"}, {"NEWEST"}, {"KEPT"}, {"FREE"}}, jobs, now, screen);
}

std::string tags_table(const std::vector<TagStatus>& tags, WallTime now,
                       const sys::Screen& screen) {
    return table_of({{"TAG", true}, {"STATE"}, {"NEWEST"}, {"KEPT"}, {"VERIFIED"}, {"NEW DATA"}},
                    tags, now, screen);
}

std::string rotations_table(const std::vector<RotationStanding>& rotations, WallTime now,
                            const sys::Screen& screen) {
    return table_of({{"SNAPSHOTS", true}, {"STATE"}, {"NEWEST"}, {"NEXT"}}, rotations, now, screen);
}

}  // namespace snapferry::admin
