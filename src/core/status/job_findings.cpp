#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "snapferry/core/report/nested_text.h"
#include "snapferry/core/status/job_judgement.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry {
namespace {

using std::chrono::seconds;

std::string without_backup(const JobFacts& job) {
    if (!job.history) {
        return "has never run";
    }
    const bool is_nothing = has_nothing_there(job);
    const auto* const what =
        is_nothing ? "the receiver has no backup of what is here" : "no backup yet";
    if (last_run_failed(job)) {
        return fmt::format("{}, and the last run failed: {}", what, failure_of_last_run(job));
    }
    return is_nothing ? what : "no backup is known";
}

/// The worst that can be said of its newest backup, without the job's name.
Finding of_newest(const JobFacts& job, const Judgement& judgement) {
    const auto young = std::max(judgement.age.value_or(seconds{0}), seconds{0});
    const auto newest = fmt::format("the newest backup is {} old", duration_text(young));
    switch (judgement.condition) {
        case Condition::never_run:
        case Condition::no_backup:
            return {CheckState::critical, without_backup(job)};
        case Condition::stale:
            return {CheckState::critical,
                    fmt::format("{}, more than {}{}", newest, text_of(job.allowed),
                                last_run_failed(job)
                                    ? "; the last run failed: " + failure_of_last_run(job)
                                    : "")};
        case Condition::from_the_future:
            return {CheckState::warning,
                    fmt::format("the newest backup was taken {} from now: is the clock right?",
                                duration_text(-*judgement.age))};
        case Condition::doubtful:
            return {CheckState::warning,
                    fmt::format("{}; how often one is made is not known yet, and it is too old "
                                "after {}: max_age can say it",
                                newest, duration_text(job.allowed.stale_after))};
        default:
            break;
    }
    return last_run_failed(job)
               ? Finding{CheckState::warning, fmt::format("{}, but the last run failed: {}", newest,
                                                          failure_of_last_run(job))}
               : Finding{CheckState::ok, newest};
}

/// One that is not in the configuration, where there is one, may be a job of long ago: what it is
/// called now, or where it goes, is another.
std::string hint_for(const JobFacts& job, bool some_are_configured) {
    return job.configured || !some_are_configured
               ? ""
               : fmt::format(
                     "; it is not in the configuration: if it is no more, snapferry forget "
                     "'{}'",
                     escape_text(job.job));
}

Finding finding_of(const JobFacts& job, bool some_are_configured, WallTime now) {
    const auto judgement = judge(job, now);
    auto finding = of_newest(job, judgement);
    finding.text = fmt::format("{}: {}", escape_text(job.job), finding.text);
    if (finding.state == CheckState::critical) {
        finding.text += hint_for(job, some_are_configured);
    }
    if (judgement.age) {
        finding.values.push_back({fmt::format("{} age", job.job),
                                  static_cast<double>(judgement.age->count()), "s", std::nullopt,
                                  static_cast<double>(job.allowed.stale_after.count())});
    }
    return finding;
}

/// What is in no backup, and what may be none.
void add_what_is_missing(const JobFacts& job, std::vector<Finding>& findings) {
    if (!job.history) {
        return;
    }
    if (const auto& small = job.history->small_full_send) {
        findings.push_back(
            {CheckState::critical, fmt::format("{}: {}", escape_text(job.job), text_of(*small))});
    }
    if (const auto words = nested_text(job.history->last_run.nested); !words.empty()) {
        findings.push_back(
            {CheckState::warning, fmt::format("{}: {}", escape_text(job.job), words)});
    }
}

std::string ago_text(WallTime said, WallTime now) {
    return rough_duration(std::chrono::floor<seconds>(now - said)) + " ago";
}

}  // namespace

std::vector<Finding> job_findings(const std::vector<JobFacts>& jobs, WallTime now) {
    std::vector<Finding> findings;
    findings.reserve(jobs.size());
    const bool some_are_configured =
        std::any_of(jobs.begin(), jobs.end(), [](const auto& one) { return one.configured; });
    for (const auto& job : jobs) {
        findings.push_back(finding_of(job, some_are_configured, now));
        add_what_is_missing(job, findings);
    }
    return findings;
}

std::vector<Finding> receiver_findings(const std::vector<JobFacts>& jobs, WallTime now) {
    std::vector<Finding> findings;
    std::map<std::string, const JobFacts*> last_word_of;  // by where the receiver is
    for (const auto& job : jobs) {
        if (!job.history || !job.history->receiver_word) {
            continue;
        }
        auto& last = last_word_of[job.identity.address()];
        if (last == nullptr || last->history->word_said < job.history->word_said) {
            last = &job;
        }
        for (const auto& said : job.history->receiver_word->tag) {
            if (said.state != CheckState::ok) {
                findings.push_back(
                    {said.state, fmt::format("{}: {} said {}: {}", escape_text(job.job),
                                             escape_text(job.identity.host),
                                             ago_text(job.history->word_said, now), said.text)});
            }
        }
    }
    for (const auto& [address, job] : last_word_of) {
        for (const auto& said : job->history->receiver_word->disk) {
            findings.push_back(
                {said.state, fmt::format("{} said {}: {}", escape_text(job->identity.host),
                                         ago_text(job->history->word_said, now), said.text)});
        }
    }
    return findings;
}

}  // namespace snapferry
