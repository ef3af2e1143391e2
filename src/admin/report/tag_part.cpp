#include <fmt/format.h>

#include <algorithm>

#include "parts.h"
#include "snapferry/admin/report/html.h"
#include "snapferry/admin/status/status.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/rough_duration.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

std::string row(const ListedBackup& listed, const proof::When& now) {
    const auto& decision = listed.decision;
    const auto why = decision.keep
                         ? fmt::format("{}; goes when {}", decision.reason, decision.goes_when)
                         : "to be pruned: " + decision.reason;
    const auto& proof = listed.proof;
    const auto proven = html_text(proof::state_text(proof, listed.has_manifest, now));
    return fmt::format(
        "<tr><td title=\"name\">{}</td><td class=\"fixed\" title=\"arrived\">{}</td>"
        "<td class=\"fixed\" title=\"new data\">{}</td><td title=\"proof\">{}</td>"
        "<td title=\"why\">{}</td></tr>\n",
        html_text(decision.backup.name.text()),
        sys::local_time_text(listed.arrived).substr(0, std::string("2026-11-25 07:15").size()),
        listed.new_bytes ? byte_text(*listed.new_bytes) : "?",
        proof.differs ? fmt::format("<span class=\"bad\">{}</span>", proven) : proven,
        decision.reason.empty() ? "" : html_text(why));
}

std::string backups(const ListedTag& tag, const Room& room) {
    std::string html = fmt::format(
        "<details>\n<summary>{} backups, and how each was proven</summary>\n<table>\n<thead><tr>"
        "<th>name</th><th>arrived</th><th>new data</th><th>proof</th><th>why it is kept</th></tr>"
        "</thead>\n",
        tag.backups.size());
    const auto shown = std::min(room.backups, tag.backups.size());
    for (std::size_t index = 0; index < shown; ++index) {
        html += row(tag.backups[index], tag.now);
    }
    html += "</table>\n";
    if (shown < tag.backups.size()) {
        html +=
            fmt::format("<p class=\"faint\">And {} older ones.</p>\n", tag.backups.size() - shown);
    }
    return html + "</details>\n";
}

std::string drill_html(const proof::Drill& drill, const proof::When& now) {
    const auto ago = rough_duration(proof::age_of(drill.when, now));
    return drill.outcome == proof::Outcome::well
               ? fmt::format("{} ago: {} files ({}) came back whole", ago, drill.files,
                             byte_text(drill.bytes))
               : coloured(CheckState::critical, ago + " ago: it went wrong");
}

}  // namespace

std::string disk_html(const ReceivingStatus& receiving) {
    std::string html = "<section>\n<h2>The backup disk</h2>\n<dl>\n";
    if (const auto& disk = receiving.disk) {
        html +=
            entry("free", fmt::format("{} of {}", byte_text(disk->free), byte_text(disk->total)));
        html += entry("in reserve", byte_text(disk->reserve));
        if (disk->bytes_a_day > 0) {
            html += entry("arriving", byte_text(disk->bytes_a_day) + " a day, before pruning");
        }
        if (const auto full = full_in(*disk)) {
            html += entry("full in", rough_duration(*full) + ", were nothing pruned");
        }
    } else {
        html += entry("state", coloured(CheckState::critical, "it is not there"));
    }
    return html + "</dl>\n" + findings_html(receiving.findings) + "</section>\n";
}

std::string tag_html(const TagStatus& tag, const ListedTag* listed, const Room& room,
                     WallTime now) {
    const auto state = tag.findings.empty() ? CheckState::ok : worst_of(tag.findings);
    auto html = fmt::format("<section id=\"tag-{0}\">\n<h2>{0}</h2>\n<dl>\n", html_text(tag.tag));
    html += entry("state", coloured(state, state_text(tag)));
    html += entry("newest arrived", tag.newest ? sys::local_time_text(*tag.newest) + ", " +
                                                     when_text(*tag.newest, now)
                                    : tag.kept ? "none"
                                               : "unknown");
    if (!tag.is_derived) {
        html += entry("too old after", html_text(text_of(tag.allowed)));
    }
    html += entry("new data", new_data_text(tag));
    html += entry("verified", verified_text(tag));
    if (listed != nullptr) {
        html += entry("kept by", html_text(listed->policy));
        if (listed->drill) {
            html += entry("last drill", drill_html(*listed->drill, listed->now));
        }
    }
    html += "</dl>\n" + findings_html(tag.findings) + restore_html(tag.tag);
    return html + (listed != nullptr ? backups(*listed, room) : std::string{}) + "</section>\n";
}

}  // namespace snapferry::admin
