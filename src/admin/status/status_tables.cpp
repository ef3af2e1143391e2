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
            tag.newest ? Cell{when_text(*tag.newest, now)} : Cell{"none", Paint::bad},
            {std::to_string(tag.kept)},
            {tag.verified_ago ? rough_duration(*tag.verified_ago) + " ago" : "never"},
            {byte_text(tag.new_bytes)}};
}

}  // namespace

std::string jobs_table(const std::vector<JobState>& jobs, WallTime now, const sys::Screen& screen) {
    return fitted({{{"JOB", true}, {"STATE"}, {"NEWEST"}, {"KEPT"}, {"FREE"}},
                   [&](bool brief) {
                       std::vector<Row> rows;
                       rows.reserve(jobs.size());
                       for (const auto& job : jobs) {
                           rows.push_back(row_of(job, now, brief));
                       }
                       return rows;
                   }},
                  screen);
}

std::string tags_table(const std::vector<TagStatus>& tags, WallTime now,
                       const sys::Screen& screen) {
    return fitted({{{"TAG", true}, {"STATE"}, {"NEWEST"}, {"KEPT"}, {"VERIFIED"}, {"NEW DATA"}},
                   [&](bool brief) {
                       std::vector<Row> rows;
                       rows.reserve(tags.size());
                       for (const auto& tag : tags) {
                           rows.push_back(row_of(tag, now, brief));
                       }
                       return rows;
                   }},
                  screen);
}

}  // namespace snapferry::admin
