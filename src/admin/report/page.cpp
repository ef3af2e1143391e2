#include "snapferry/admin/report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "age_script.h"
#include "parts.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/sys/machine/local_time.h"
#include "style.h"

namespace snapferry::admin {
namespace {

/// What only a page that is written anew has: that it reloads itself, and knows when it is old.
struct KeptUp {
    std::string in_head{};
    std::string in_body{};
};

KeptUp kept_up(WallTime now) {
    constexpr int reload_after = 60;  // seconds
    return {
        fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", reload_after),
        fmt::format("<p id=\"old\" class=\"old\" hidden></p>\n<noscript><p class=\"faint\">If that "
                    "is long ago ({}), this page is old.</p></noscript>\n"
                    "<script>{}</script>\n",
                    sys::local_time_text(now), age_script)};
}

std::string head(const Report& report, const KeptUp& kept_up, WallTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\" data-written=\"{}\">\n<head>\n<meta "
        "charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'sha256-{}'\">\n{}"
        "<title>Backups: {}</title>\n<style>{}</style>\n</head>\n",
        seconds, age_script_digest, kept_up.in_head,
        verdict_of(report.standing, now).is_well ? "all is well" : "look here", report_style);
}

const ListedTag* find_listed(const std::vector<ListedTag>& tags, const std::string& name) {
    const auto found = std::find_if(tags.begin(), tags.end(),
                                    [&](const ListedTag& one) { return one.tag == name; });
    return found == tags.end() ? nullptr : &*found;
}

/// A clock that stood in 1970, or a damaged row, would squeeze all that happened into an edge of
/// each chart.
bool can_be_drawn(WallTime time, WallTime now) {
    constexpr std::chrono::days longest_ago{20 * 365};
    constexpr std::chrono::days farthest_ahead{365};
    return time >= now - longest_ago && time <= now + farthest_ahead;
}

JobReport drawn(JobReport job, WallTime now) {
    std::erase_if(job.runs, [&](const RunReport& run) { return !can_be_drawn(run.started, now); });
    for (auto& run : job.runs) {
        const auto* const newest = run.newest.snapshot();
        if (newest != nullptr && !can_be_drawn(newest->taken, now)) {
            run.newest = NotAsked{};
        }
    }
    return job;
}

}  // namespace

Room room_for(std::size_t jobs_and_tags) {
    constexpr std::size_t few = 3;
    constexpr std::size_t some = 8;
    if (jobs_and_tags <= few) {
        return {60, 10, 100};
    }
    return jobs_and_tags <= some ? Room{20, 6, 40} : Room{6, 3, 20};
}

std::string entry(std::string_view title, const std::string& html) {
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", title, html);
}

std::string report_page(const Report& report, WallTime now) {
    const auto lasting = report.is_kept_up ? kept_up(now) : KeptUp{};
    const auto& receiving = report.standing.receiving;
    const auto room =
        room_for(report.jobs.size() + (receiving ? receiving->tags.size() : std::size_t{0}));
    auto html = head(report, lasting, now) + "<body>\n<h1>Backups</h1>\n" +
                fmt::format("<p class=\"faint\">As this machine knew them at {}.</p>\n",
                            sys::local_time_text(now)) +
                lasting.in_body + overview_html(report, now);
    for (std::size_t number = 0; number < report.jobs.size(); ++number) {
        html += job_html(drawn(report.jobs[number], now), number, room, now);
    }
    if (receiving) {
        html += disk_html(*receiving);
        for (const auto& tag : receiving->tags) {
            html += tag_html(tag, find_listed(report.tags, tag.tag), room, now);
        }
    }
    return html + "</body>\n</html>\n";
}

}  // namespace snapferry::admin
