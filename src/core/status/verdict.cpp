#include "snapferry/core/status/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/check/check_state.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry {
namespace {

using std::chrono::seconds;

/// Without the tag in front, which is said already.
std::string without_name(const std::string& text, const std::string& name) {
    return text.starts_with(name + ": ") ? text.substr(name.size() + 2) : text;
}

/// In half a sentence: all of it is said further down.
std::string need_of(const TagStatus& tag, const Finding& worst) {
    if (tag.has_alarm) {
        return "has an ALARM: nothing of it is pruned";
    }
    if (!tag.newest && tag.kept) {
        return "has no backup";
    }
    if (tag.age && *tag.age > tag.allowed.stale_after && !tag.is_derived) {
        return fmt::format("has had no backup for {}", rough_duration(*tag.age));
    }
    return ": " + without_name(worst.text, tag.tag);
}

/// Of a disk that is away, `check` knows when the last backup came, and these tables do not.
bool is_known_to_have_none(const TagStatus& tag, bool disk_is_there) {
    return disk_is_there && !tag.newest && !tag.is_derived;
}

void add_tag(const TagStatus& tag, bool disk_is_there, std::vector<Need>& needs) {
    if (tag.findings.empty() || worst_of(tag.findings) == CheckState::ok) {
        if (is_known_to_have_none(tag, disk_is_there)) {
            needs.push_back({CheckState::warning, tag.tag, "has no backup yet"});
        }
        return;
    }
    const auto worst =
        std::find_if(tag.findings.begin(), tag.findings.end(),
                     [&](const Finding& one) { return one.state == worst_of(tag.findings); });
    needs.push_back({worst->state, tag.tag, need_of(tag, *worst)});
}

void add_findings(const std::string& who, const std::vector<Finding>& findings,
                  std::vector<Need>& needs) {
    for (const auto& one : findings) {
        if (one.state != CheckState::ok) {
            needs.push_back({one.state, who, one.text, false});
        }
    }
}

std::string count_text(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string jobs_are_well(const Standing& standing, WallTime now) {
    seconds oldest{0};
    for (const auto& job : standing.jobs) {
        oldest = std::max(oldest, age_of_newest(job, now).value_or(seconds{0}));
    }
    return fmt::format("{}, the oldest backup is {} old", count_text(standing.jobs.size(), "job"),
                       rough_duration(oldest));
}

std::string tags_are_well(const ReceivingStatus& receiving, WallTime now) {
    seconds longest{0};
    for (const auto& tag : receiving.tags) {
        if (!tag.newest && !tag.is_derived) {
            return fmt::format("{} received", count_text(receiving.tags.size(), "tag"));
        }
        if (!tag.is_derived) {
            longest = std::max(longest, std::chrono::floor<seconds>(now - *tag.newest));
        }
    }
    return fmt::format("{} received, the last arrival of each is at most {} ago",
                       count_text(receiving.tags.size(), "tag"), rough_duration(longest));
}

std::size_t counted(const Standing& standing) {
    return standing.jobs.size() + (standing.receiving ? standing.receiving->tags.size() : 0);
}

std::string text_of(const std::vector<Need>& needs, std::size_t all) {
    const auto& first = needs.front();
    const auto some = static_cast<std::size_t>(
        std::count_if(needs.begin(), needs.end(), [](const Need& one) { return one.is_counted; }));
    const auto more = needs.size() - 1;
    const auto rest = more == 0 ? std::string{} : fmt::format("; and {} more", more);
    return some == 0 ? fmt::format("This needs you: {}{}", snapferry::text_of(first), rest)
                     : fmt::format("{} of {} {} you: {}{}", some, all, some == 1 ? "needs" : "need",
                                   snapferry::text_of(first), rest);
}

}  // namespace

std::string text_of(const Need& need) {
    return need.who.empty()              ? need.what
           : need.what.starts_with(": ") ? need.who + need.what
           : need.is_counted             ? fmt::format("{} {}", need.who, need.what)
                                         : fmt::format("{}: {}", need.who, need.what);
}

std::vector<Need> needs_of(const Standing& standing, WallTime now) {
    std::vector<Need> needs;
    for (const auto& job : standing.jobs) {
        if (auto what = need_of(job, now); !what.empty()) {
            needs.push_back({judge(job, now).state, escape_text(job.job), std::move(what)});
        }
    }
    add_findings("", receiver_findings(standing.jobs, now), needs);
    if (standing.receiving) {
        for (const auto& tag : standing.receiving->tags) {
            add_tag(tag, standing.receiving->disk.has_value(), needs);
        }
        add_findings("here", standing.receiving->findings, needs);
        const auto& receiving = *standing.receiving;
        if (receiving.tags.empty() && receiving.disk && !standing.jobs.empty()) {
            needs.push_back({CheckState::warning, "", "no backup has arrived here yet", false});
        }
    }
    add_findings("", standing.others, needs);
    for (const auto& rotation : standing.rotations) {
        if (auto what = need_of(rotation, now); !what.empty()) {
            needs.push_back({finding_of(rotation, now).state, "", std::move(what), false});
        }
    }
    std::stable_sort(needs.begin(), needs.end(), [](const Need& one, const Need& other) {
        return is_worse(one.state, other.state);
    });
    return needs;
}

Verdict verdict_of(const Standing& standing, WallTime now) {
    const auto needs = needs_of(standing, now);
    if (!needs.empty()) {
        return {false, text_of(needs, counted(standing))};
    }
    if (counted(standing) == 0) {
        return {false, standing.receiving
                           ? "Nothing is backed up: no backup has arrived here yet"
                           : "Nothing is backed up: no job is configured, and none has ever run"};
    }
    std::string text = "All is well: ";
    if (!standing.jobs.empty()) {
        text += jobs_are_well(standing, now);
    }
    if (standing.receiving && !standing.receiving->tags.empty()) {
        text += standing.jobs.empty() ? "" : "; ";
        text += tags_are_well(*standing.receiving, now);
    }
    return {true, text};
}

}  // namespace snapferry
