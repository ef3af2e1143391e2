#include "run_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "snapferry/core/time/milliseconds.h"

namespace snapferry::sys::history {
namespace {

/// In the order of report_in().
constexpr std::string_view runs_of_jobs =
    "SELECT run, job.name, snapshot_dir, source_tag, host, port, dest_tag, started, duration, "
    "outcome, error, snapshot, parent, stream_bytes, wire_bytes, newest_state, newest, "
    "newest_taken, receiver_free_bytes, nested FROM run JOIN job ON job.id = run.job";

constexpr std::string_view between_paths = "//";  // which no path holds

/// No more than a person would read: a machine may have thousands.
std::string text_of_paths(const std::vector<std::string>& paths) {
    constexpr std::size_t most = 100;
    std::string text;
    for (std::size_t index = 0; index < paths.size() && index < most; ++index) {
        text += (text.empty() ? "" : std::string(between_paths)) + paths[index];
    }
    return text;
}

std::vector<std::string> paths_in(std::string_view text) {
    std::vector<std::string> paths;
    while (!text.empty()) {
        const auto end = std::min(text.find(between_paths), text.size());
        paths.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + between_paths.size()));
    }
    return paths;
}

RunReport report_in(SQLite::Statement& row) {
    int column = 0;
    const auto text = [&] { return row.getColumn(column++).getString(); };
    const auto number = [&] { return row.getColumn(column++).getInt64(); };
    const auto optional_number = [&] {
        return row.isColumnNull(column++) ? std::nullopt
                                          : std::optional(row.getColumn(column - 1).getInt64());
    };
    RunReport report;
    report.run = text();
    report.job = text();
    auto& identity = report.identity;
    identity.snapshot_dir = text();
    identity.source_tag = text();
    identity.host = text();
    identity.port = static_cast<unsigned>(number());
    identity.dest_tag = text();
    report.started = time_of(number());
    report.duration = std::chrono::milliseconds(number());
    report.outcome = static_cast<ExitCode>(number());
    report.error = text();
    report.snapshot = text();
    report.parent = text();
    report.stream_bytes = static_cast<std::uint64_t>(number());
    report.wire_bytes = static_cast<std::uint64_t>(number());
    const auto state = number();
    const auto newest = text();
    const auto taken = optional_number();
    if (state == newest_nothing_there) {
        report.newest = NothingThere{};
    } else if (state == newest_named) {
        report.newest = DurableSnapshot{newest, taken ? time_of(*taken) : report.started};
    }
    if (const auto free = optional_number()) {
        report.receiver_free_bytes = static_cast<std::uint64_t>(*free);
    }
    report.nested = paths_in(text());
    return report;
}

}  // namespace

std::vector<RunReport> runs_where(SQLite::Database& database, std::string_view rest,
                                  std::initializer_list<std::optional<std::int64_t>> numbers) {
    SQLite::Statement row(database, fmt::format("{} WHERE {}", runs_of_jobs, rest));
    int position = 0;
    for (const auto& number : numbers) {
        ++position;
        if (number) {
            row.bind(position, *number);
        }
    }
    std::vector<RunReport> runs;
    while (row.executeStep()) {
        runs.push_back(report_in(row));
    }
    return runs;
}

void insert_run(SQLite::Database& database, JobId job, const RunReport& report) {
    SQLite::Statement row(
        database,
        "INSERT INTO run (run, job, started, duration, outcome, error, snapshot, "
        "parent, stream_bytes, wire_bytes, newest_state, newest, newest_taken, "
        "receiver_free_bytes, nested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?)");
    int column = 0;
    const auto text = [&](const std::string& value) { row.bind(++column, value); };
    const auto number = [&](auto value) { row.bind(++column, static_cast<std::int64_t>(value)); };
    const auto nothing = [&] { row.bind(++column); };
    text(report.run);
    number(job);
    number(number_of(report.started));
    number(report.duration.count());
    number(report.outcome);
    text(report.error);
    text(report.snapshot);
    text(report.parent);
    number(report.stream_bytes);
    number(report.wire_bytes);
    if (const auto* const newest = report.newest.snapshot()) {
        number(newest_named);
        text(newest->name);
        number(number_of(newest->taken));
    } else {
        number(report.newest.is_known() ? newest_nothing_there : newest_not_asked);
        text("");
        nothing();
    }
    if (report.receiver_free_bytes) {
        number(*report.receiver_free_bytes);
    } else {
        nothing();
    }
    text(text_of_paths(report.nested));
    row.exec();
}

void drop_runs_beyond(SQLite::Database& database, JobId job, std::size_t most) {
    SQLite::Statement counting(database, "SELECT COUNT(*) FROM run WHERE job = ?");
    counting.bind(1, job);
    counting.executeStep();
    const auto surplus = counting.getColumn(0).getInt64() - static_cast<std::int64_t>(most);
    if (surplus <= 0) {
        return;
    }
    SQLite::Statement drop(database, R"(
        DELETE FROM run WHERE id IN (
            SELECT id FROM run WHERE job = ?1
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1)
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1 AND outcome = 0)
                AND id IS NOT (SELECT MAX(id) FROM run
                               WHERE job = ?1 AND outcome = 0 AND stream_bytes > 0)
                AND id IS NOT (SELECT MAX(id) FROM run WHERE job = ?1 AND newest_state <> 0)
            ORDER BY outcome <> 0 OR stream_bytes > 0, id LIMIT ?2))");
    drop.bind(1, job);
    drop.bind(2, surplus);
    drop.exec();
}

}  // namespace snapferry::sys::history
