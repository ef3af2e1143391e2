#include <fmt/format.h>

#include "parts.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/admin/status/status.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry::admin {
namespace {

std::string_view class_of(CheckState state) {
    return state == CheckState::ok ? "good" : state == CheckState::warning ? "warn" : "bad";
}

std::string verdict_html(const Standing& standing, WallTime now) {
    const auto verdict = verdict_of(standing, now);
    const auto needs = needs_of(standing, now);
    const auto state = needs.empty() ? (verdict.is_well ? CheckState::ok : CheckState::critical)
                                     : needs.front().state;
    auto html =
        fmt::format("<div class=\"verdict {}\">{}", class_of(state), html_text(verdict.text));
    if (needs.size() > 1) {
        html += "<ul>\n";
        for (const auto& need : needs) {
            html += fmt::format("<li>{}</li>\n", html_text(text_of(need)));
        }
        html += "</ul>";
    }
    return html + "</div>\n";
}

std::string cell(std::string_view title, const std::string& html, bool is_fixed = true) {
    return fmt::format("<td{} title=\"{}\">{}</td>", is_fixed ? " class=\"fixed\"" : "", title,
                       html);
}

std::string newest_text(const JobState& job, WallTime now) {
    const auto* const newest = job.history ? job.history->newest.snapshot() : nullptr;
    return newest != nullptr        ? when_text(newest->taken, now)
           : has_nothing_there(job) ? "none"
                                    : "unknown";
}

std::string jobs_html(const std::vector<JobState>& jobs, WallTime now) {
    std::string html =
        "<table>\n<thead><tr><th>job</th><th>state</th><th>newest</th><th>kept</th><th>free</th>"
        "</tr></thead>\n";
    for (std::size_t number = 0; number < jobs.size(); ++number) {
        const auto& job = jobs[number];
        const auto& history = job.history;
        html +=
            "<tr>" +
            cell("job", fmt::format("<a href=\"#job-{}\">{}</a>", number, html_text(job.job)),
                 false) +
            cell("state", coloured(judge(job, now).state, state_text(job, now)), false) +
            cell("newest", newest_text(job, now)) +
            cell("kept", history && history->kept ? std::to_string(history->kept->size()) : "-") +
            cell("free", history && history->receiver_free_bytes
                             ? byte_text(*history->receiver_free_bytes)
                             : "-") +
            "</tr>\n";
    }
    return html + "</table>\n";
}

std::string tags_html(const std::vector<TagStatus>& tags, WallTime now) {
    std::string html =
        "<table>\n<thead><tr><th>tag</th><th>state</th><th>newest arrived</th><th>kept</th>"
        "<th>verified</th><th>new data</th></tr></thead>\n";
    for (const auto& tag : tags) {
        const auto state = tag.findings.empty() ? CheckState::ok : worst_of(tag.findings);
        html +=
            "<tr>" +
            cell("tag", fmt::format("<a href=\"#tag-{0}\">{0}</a>", html_text(tag.tag)), false) +
            cell("state", coloured(state, state_text(tag)), false) +
            cell("newest arrived", tag.newest ? when_text(*tag.newest, now)
                                   : tag.kept ? "none"
                                              : "unknown") +
            cell("kept", kept_text(tag)) + cell("verified", verified_text(tag)) +
            cell("new data", new_data_text(tag)) + "</tr>\n";
    }
    return html + "</table>\n";
}

}  // namespace

std::string coloured(CheckState state, const std::string& text) {
    return fmt::format("<span class=\"{}\">{}</span>", class_of(state), html_text(text));
}

std::string findings_html(const std::vector<Finding>& findings) {
    if (findings.empty()) {
        return {};
    }
    std::string html = "<ul>\n";
    for (const auto& one : findings) {
        html +=
            "<li>" +
            (one.state == CheckState::ok ? html_text(one.text) : coloured(one.state, one.text)) +
            "</li>\n";
    }
    return html + "</ul>\n";
}

std::string overview_html(const Report& report, WallTime now) {
    const auto& standing = report.standing;
    auto html = verdict_html(standing, now);
    if (!standing.jobs.empty()) {
        html += "<div class=\"overview\">" + jobs_html(standing.jobs, now) + "</div>\n";
    }
    if (standing.receiving && !standing.receiving->tags.empty()) {
        html += "<div class=\"overview\">" + tags_html(standing.receiving->tags, now) + "</div>\n";
    }
    return html;
}

}  // namespace snapferry::admin
