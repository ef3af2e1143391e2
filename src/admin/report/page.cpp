#include "snapferry/admin/report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/admin/report/chart.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/admin/status.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/sys/machine/local_time.h"
#include "style.h"

namespace snapferry::admin {
namespace {

constexpr std::size_t most_points = 500;  // in a chart: more than it has room to tell apart
constexpr std::size_t most_errors = 10;

std::string outcome_html(ExitCode outcome) {
    return fmt::format("<span class=\"{}\">{}</span>", outcome == ExitCode::done ? "good" : "bad",
                       html_text(outcome_text(outcome)));
}

std::string age_html(const JobState& state, WallTime now) {
    const auto age = age_of_newest(state, now);
    if (age) {
        return age_text(*age) + " old";
    }
    return fmt::format("<span class=\"bad\">{}</span>",
                       has_nothing_there(state) ? "none" : "unknown");
}

std::string last_run_html(const JobState& state) {
    if (!state.history) {
        return "<span class=\"bad\">never run</span>";
    }
    const auto& run = state.history->last_run;
    return fmt::format("{}, {}", outcome_html(run.outcome), sys::local_time_text(run.started));
}

std::string overview(const std::vector<JobReport>& jobs, WallTime now) {
    if (jobs.empty()) {
        return "<div class=\"overview\"><p>No job is configured, and none has ever "
               "run.</p></div>\n";
    }
    std::string html =
        "<div class=\"overview\"><table>\n<tr><th>job</th><th>last run</th>"
        "<th>newest backup</th><th>kept</th></tr>\n";
    for (std::size_t number = 0; number < jobs.size(); ++number) {
        const auto& state = jobs[number].state;
        const bool is_told = state.history && state.history->kept;
        html += fmt::format(
            "<tr><td class=\"name\"><a href=\"#job-{}\">{}</a></td>"
            "<td class=\"fixed\">{}</td><td class=\"fixed\">{}</td>"
            "<td class=\"fixed\">{}</td></tr>\n",
            number, html_text(state.job), last_run_html(state), age_html(state, now),
            is_told ? std::to_string(state.history->kept->size()) : "-");
    }
    return html + "</table></div>\n";
}

std::string entry(std::string_view title, const std::string& html) {
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", title, html);
}

std::string send_html(const RunReport& run) {
    return fmt::format(
        "{} in {}{}, {}", byte_text(run.stream_bytes), run_duration_text(run.duration),
        run.wire_bytes == 0 ? "" : fmt::format(" ({} on the line)", byte_text(run.wire_bytes)),
        run.parent.empty() ? "in full" : fmt::format("building on {}", html_text(run.parent)));
}

std::string facts(const JobState& state, WallTime now) {
    const auto& history = *state.history;
    auto html = entry("last run", last_run_html(state));
    html += entry("sent to", fmt::format("{}, tag {}", html_text(history.last_run.identity.host),
                                         html_text(history.last_run.identity.dest_tag)));
    const auto* const newest = history.newest.snapshot();
    html += entry("newest backup",
                  newest == nullptr
                      ? age_html(state, now)
                      : fmt::format("{}<br>taken {}, {}", html_text(newest->name),
                                    sys::local_time_text(newest->taken), age_html(state, now)));
    if (history.last_send) {
        html += entry("last send", send_html(*history.last_send));
    }
    if (history.receiver_free_bytes) {
        html += entry("free there", byte_text(*history.receiver_free_bytes));
    }
    return "<dl>\n" + html + "</dl>\n";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string timeline(const std::vector<BackupMark>& marks, const TimeRange& range) {
    std::vector<ChartPoint> points;
    std::size_t kept = 0;
    std::size_t without_time = 0;
    for (const auto& mark : marks) {
        kept += mark.kept ? 1 : 0;
        if (mark.taken) {
            points.push_back({*mark.taken, 0, mark.kept ? "good" : "gone",
                              mark.kept ? mark.name : mark.name + " (no longer kept)"});
        } else {
            ++without_time;
        }
    }
    // What is kept is drawn last, over what is gone.
    std::stable_sort(points.begin(), points.end(), [](const auto& one, const auto& other) {
        return one.kind == "gone" && other.kind != "gone";
    });
    const auto label = fmt::format("Backups kept: {}, by when they were taken", kept);
    auto html = fmt::format("<h3>{}</h3>\n", label) + timeline_svg(label, points, range);
    if (points.size() > kept) {
        html += "<p class=\"faint\">Hollow: made, and pruned since.</p>\n";
    }
    if (without_time > 0) {
        html += fmt::format("<p class=\"faint\">{} of unknown time not shown.</p>\n",
                            counted(without_time, "backup", "backups"));
    }
    return html;
}

std::string said_of(const RunReport& run) {
    return fmt::format("{}: {}, {} in {}", sys::local_time_text(run.started),
                       run.outcome == ExitCode::done ? run.snapshot : outcome_text(run.outcome),
                       byte_text(run.stream_bytes), run_duration_text(run.duration));
}

template <typename ValueOf>
std::vector<ChartPoint> points_of(const std::vector<RunReport>& runs, ValueOf value_of) {
    std::vector<ChartPoint> points;
    points.reserve(runs.size());
    for (const auto& run : runs) {
        points.push_back({run.started, value_of(run),
                          run.outcome == ExitCode::done ? "good" : "bad", said_of(run)});
    }
    return points;
}

std::string charts(const std::vector<RunReport>& runs, const TimeRange& range) {
    const auto sizes =
        points_of(runs, [](const RunReport& run) { return static_cast<double>(run.stream_bytes); });
    const auto times = points_of(runs, [](const RunReport& run) {
        return std::chrono::duration<double>(run.duration).count();
    });
    const auto bytes = [](double value) { return byte_text(static_cast<std::uint64_t>(value)); };
    const auto seconds = [](double value) {
        return value == 0 ? "0 s"
                          : run_duration_text(
                                std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000)));
    };
    const bool any_sent = std::any_of(runs.begin(), runs.end(),
                                      [](const RunReport& run) { return run.stream_bytes > 0; });
    return (any_sent ? "<h3>Size of each send</h3>\n" +
                           stems_svg("size of each send", sizes, range, byte_steps(), bytes)
                     : std::string{}) +
           "<h3>How long each run took</h3>\n" +
           stems_svg("how long each run took", times, range, second_steps(), seconds) +
           (runs.size() == most_points
                ? fmt::format("<p class=\"faint\">The newest {} runs.</p>\n", most_points)
                : "");
}

std::string errors(const std::vector<RunReport>& failures) {
    std::string html = "<h3>Last errors</h3>\n";
    if (failures.empty()) {
        return html + "<p class=\"faint\">None.</p>\n";
    }
    html += "<table>\n<tr><th>when</th><th>code</th><th>what</th></tr>\n";
    for (const auto& run : failures) {
        html += fmt::format(
            "<tr><td class=\"fixed\">{}</td><td class=\"fixed\">{}</td><td>{}</td></tr>\n",
            sys::local_time_text(run.started), static_cast<int>(run.outcome),
            html_text(run.error.empty() ? meaning_of(run.outcome) : run.error));
    }
    return html + "</table>\n";
}

TimeRange range_of(const std::vector<BackupMark>& marks, const std::vector<RunReport>& runs,
                   WallTime now) {
    std::vector<WallTime> times;
    times.reserve(marks.size() + runs.size());
    for (const auto& mark : marks) {
        times.push_back(mark.taken.value_or(now));
    }
    for (const auto& run : runs) {
        times.push_back(run.started);
    }
    return time_range(times, now);
}

std::string section(const JobReport& job, std::size_t number, WallTime now) {
    auto html =
        fmt::format("<section id=\"job-{}\">\n<h2>{}</h2>\n", number, html_text(job.state.job));
    if (!job.state.history) {
        return html + "<p>It is configured, and has never run.</p>\n</section>\n";
    }
    const auto marks = backup_marks(job);
    const auto runs = runs_with_news(job, most_points);
    const auto range = range_of(marks, runs, now);
    html += facts(job.state, now);
    if (!marks.empty()) {
        html += timeline(marks, range);
    }
    if (!runs.empty()) {
        html += charts(runs, range);
    }
    return html + errors(newest_failures(job, most_errors)) + "</section>\n";
}

}  // namespace

std::string report_page(const std::vector<JobReport>& jobs, WallTime now) {
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>Backups</title>\n<style>{}</style>\n</head>\n<body>\n<h1>Backups</h1>\n"
        "<p class=\"faint\">As this machine knew them at {}.</p>\n",
        report_style, sys::local_time_text(now));
    html += overview(jobs, now);
    for (std::size_t number = 0; number < jobs.size(); ++number) {
        html += section(jobs[number], number, now);
    }
    return html + "</body>\n</html>\n";
}

}  // namespace snapferry::admin
