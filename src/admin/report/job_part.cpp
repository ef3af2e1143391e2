#include <fmt/format.h>

#include <algorithm>

#include "parts.h"
#include "snapferry/admin/report/chart.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/admin/status/status.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/rough_duration.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

constexpr std::size_t most_points = 1000;  // in a chart: more than a year of them a day

ChartUnit bytes() {
    return {byte_steps(), [](double value) {
                auto text = byte_text(static_cast<std::uint64_t>(value));
                const auto naught = text.find(".0 ");  // of a round number: it has little room
                return naught == std::string::npos ? text : text.erase(naught, 2);
            }};
}

ChartUnit seconds() {
    return {second_steps(), [](double value) {
                return value == 0 ? std::string("0 s")
                                  : run_duration_text(std::chrono::milliseconds(
                                        static_cast<std::int64_t>(value * 1000)));
            }};
}

std::string last_run_html(const JobState& state) {
    const auto& run = state.history->last_run;
    return coloured(run.outcome == ExitCode::done ? CheckState::ok : CheckState::critical,
                    outcome_text(run.outcome)) +
           ", " + sys::local_time_text(run.started);
}

std::string send_html(const RunReport& run) {
    return fmt::format(
        "{} in {}{}, {}", byte_text(run.stream_bytes), run_duration_text(run.duration),
        run.wire_bytes == 0 ? "" : fmt::format(" ({} on the line)", byte_text(run.wire_bytes)),
        run.parent.empty() ? "in full" : fmt::format("building on {}", html_text(run.parent)));
}

std::string newest_html(const JobState& state, WallTime now) {
    const auto* const newest = state.history->newest.snapshot();
    if (newest == nullptr) {
        return coloured(CheckState::critical, has_nothing_there(state) ? "none" : "unknown");
    }
    return fmt::format("{}<br>taken {}, {} ago", html_text(newest->name),
                       sys::local_time_text(newest->taken),
                       rough_duration(age_of_newest(state, now).value_or(std::chrono::seconds{0})));
}

std::string facts(const JobState& state, WallTime now) {
    const auto& history = *state.history;
    const auto judgement = judge(state, now);
    auto html = entry("state", coloured(judgement.state, state_text(state, now)));
    html += entry("too old after", html_text(text_of(state.allowed)));
    html += entry("last run", last_run_html(state));
    html += entry("sent to", fmt::format("{}, tag {}", html_text(state.identity.host),
                                         html_text(state.identity.dest_tag)));
    html += entry("newest backup", newest_html(state, now));
    if (history.last_send) {
        html += entry("last send", send_html(*history.last_send));
    }
    if (history.receiver_word) {
        auto said = history.receiver_word->disk;
        said.insert(said.end(), history.receiver_word->tag.begin(),
                    history.receiver_word->tag.end());
        html += entry("the receiver said",
                      fmt::format("{}:{}", when_text(history.word_said, now), findings_html(said)));
    }
    return "<dl>\n" + html + "</dl>\n";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string timeline(const std::vector<BackupMark>& marks, const TimeRange& range,
                     const Room& room) {
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
    auto html =
        fmt::format("<h3>{}</h3>\n", label) + timeline_svg({label, range, room.told}, points);
    if (points.size() > kept) {
        html += "<p class=\"faint\">Grey: made, and pruned since.</p>\n";
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

std::string charts(const std::vector<RunReport>& runs, const TimeRange& range, const Room& room) {
    const auto sizes =
        points_of(runs, [](const RunReport& run) { return static_cast<double>(run.stream_bytes); });
    const auto times = points_of(runs, [](const RunReport& run) {
        return std::chrono::duration<double>(run.duration).count();
    });
    const bool any_sent = std::any_of(runs.begin(), runs.end(),
                                      [](const RunReport& run) { return run.stream_bytes > 0; });
    return (any_sent ? "<h3>Size of each send</h3>\n" +
                           stems_svg({"size of each send", range, room.told}, sizes, bytes())
                     : std::string{}) +
           "<h3>How long each run took</h3>\n" +
           stems_svg({"how long each run took", range, room.told}, times, seconds()) +
           (runs.size() == most_points
                ? fmt::format("<p class=\"faint\">The newest {} runs.</p>\n", most_points)
                : "");
}

/// As the receiver said it in each run.
std::string space(const JobReport& job, const TimeRange& range) {
    std::vector<ChartPoint> points;
    for (auto run = job.runs.rbegin(); run != job.runs.rend(); ++run) {
        if (run->receiver_free_bytes && run->started >= range.from) {
            points.push_back(
                {run->started, static_cast<double>(*run->receiver_free_bytes), "good", {}});
        }
    }
    return points.size() < 2
               ? std::string{}
               : fmt::format("<h3>Free at {}</h3>\n", html_text(job.state.identity.host)) +
                     line_svg({"free at the receiver", range, 0}, points, bytes());
}

std::string errors(const std::vector<RunReport>& failures) {
    if (failures.empty()) {
        return {};
    }
    std::string html =
        "<h3>Last errors</h3>\n<table>\n<thead><tr><th>when</th><th>code</th><th>what</th></tr>"
        "</thead>\n";
    for (const auto& run : failures) {
        html += fmt::format(
            "<tr><td class=\"fixed\" title=\"when\">{}</td><td class=\"fixed\" "
            "title=\"code\">{}</td><td title=\"what\">{}</td></tr>\n",
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

}  // namespace

std::string job_html(const JobReport& job, std::size_t number, const Room& room, WallTime now) {
    auto html =
        fmt::format("<section id=\"job-{}\">\n<h2>{}</h2>\n", number, html_text(job.state.job));
    if (!job.state.history) {
        return html + "<p class=\"bad\">It is configured, and has never run.</p>\n</section>\n";
    }
    const auto marks = backup_marks(job);
    const auto runs = runs_with_news(job, most_points);
    const auto range = range_of(marks, runs, now);
    html += facts(job.state, now) + restore_html(job);
    if (!marks.empty()) {
        html += timeline(marks, range, room);
    }
    if (!runs.empty()) {
        html += charts(runs, range, room);
    }
    return html + space(job, range) + errors(newest_failures(job, room.errors)) + "</section>\n";
}

}  // namespace snapferry::admin
