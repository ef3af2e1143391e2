#include "snapferry/send/telling/how_jobs_stand.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/status/job_judgement.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/complete_facts.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::send {
namespace {

JobFacts facts_of(const Job& job, std::optional<JobHistory> history) {
    JobFacts facts{job.name, true, std::move(history), identity_of(job)};
    complete(facts, job.max_age);
    return facts;
}

/// What the line of the monthly word does not say by the run and the backup that it names.
std::string besides(const JobFacts& facts, WallTime now) {
    switch (judge(facts, now).condition) {
        case Condition::stale:
        case Condition::suspicious:
        case Condition::doubtful:
        case Condition::paused:
        case Condition::incomplete:
            return "; it " + need_of(facts, now);
        default:
            return {};
    }
}

ToTell of_job(const Job& job, const JobFacts& facts, WallTime now) {
    ToTell told{alert::standing_of(facts, now, sys::local_time_text),
                alert::line_of(facts, now) + besides(facts, now), job.alerts.hooks};
    told.is_well = judge(facts, now).state == CheckState::ok;
    told.report.job = job.name;
    told.report.identity = facts.identity;
    if (facts.history) {
        told.report = facts.history->last_run;
        told.report.job = job.name;
    }
    told.age = tellable_age(age_of_newest(facts, now));
    return told;
}

/// The receiver tells of its disk by itself, where it can: here it is for the monthly word.
void add_what_receivers_said(const std::vector<JobFacts>& jobs, WallTime now,
                             std::vector<ToTell>& all) {
    for (const auto& said : receiver_findings(jobs, now)) {
        if (said.state != CheckState::ok) {
            ToTell told{{"receivers"}, said.text};
            told.standing.is_known = false;
            told.is_well = false;
            all.push_back(std::move(told));
        }
    }
}

/// The jobs themselves go on; but nobody would hear of them any more.
ToTell of_history(const SendConfig& config, const Failure* failure) {
    ToTell told{{"history"}, {}, config.hooks};
    auto& standing = told.standing;
    standing.over = "the history of the runs can be read again";
    if (failure != nullptr) {
        standing.kinds = {alert::Kind::failure};
        standing.begun = "the history of the runs cannot be read: it is not known how the jobs are";
        standing.still = "still, " + standing.begun;
        standing.facts = {{"Error", safe_line(failure_text(*failure))}};
        told.line = standing.begun;
        told.report.outcome = failure->code();
        told.report.error = failure_text(*failure);
    }
    return told;
}

/// One that has gone from the configuration, by mistake perhaps, once nothing comes of it any more:
/// until a person says that it is no more.
void add_jobs_that_are_no_more(const SendConfig& config, const sys::History& history, WallTime now,
                               std::vector<ToTell>& all) {
    for (auto& known : history.newest_of_each_job()) {
        const auto identity = known.last_run.identity;
        const bool is_configured =
            std::any_of(config.jobs.begin(), config.jobs.end(),
                        [&](const Job& job) { return identity_of(job) == identity; });
        if (is_configured || known.newest.snapshot() == nullptr) {
            continue;  // what never got anywhere is a mistake that somebody has mended
        }
        JobFacts facts{known.last_run.job, false, std::move(known), identity};
        complete(facts, {});
        ToTell told{alert::standing_of(facts, now, sys::local_time_text),
                    alert::line_of(facts, now) + besides(facts, now), config.hooks};
        auto& standing = told.standing;
        standing.key = "former " + standing.key;
        if (!standing.kinds.contains(alert::Kind::stale)) {
            continue;
        }
        standing.kinds = {alert::Kind::stale};
        standing.facts.emplace_back(
            "Configuration", "it is in none; if it is no more: snapferry forget, with its name");
        told.is_well = false;
        told.report = facts.history->last_run;
        told.age = tellable_age(age_of_newest(facts, now));
        all.push_back(std::move(told));
    }
}

void add_jobs(const SendConfig& config, const std::filesystem::path& state_dir, WallTime now,
              std::vector<ToTell>& all) {
    const auto history = sys::History::open_existing(sys::history_file(state_dir));
    std::vector<JobFacts> jobs;
    jobs.reserve(config.jobs.size());
    for (const auto& job : config.jobs) {
        jobs.push_back(
            facts_of(job, history ? history->newest_of(identity_of(job)) : std::nullopt));
        jobs.back().configured_since = config.written;
        all.push_back(of_job(job, jobs.back(), now));
    }
    add_what_receivers_said(jobs, now, all);
    if (history) {
        add_jobs_that_are_no_more(config, *history, now, all);
    }
}

void add_notes(const SendConfig& config, const std::filesystem::path& state_dir,
               std::vector<ToTell>& all) {
    for (auto& standing : sys::AlertNotes(sys::alerts_directory(state_dir, "send")).all()) {
        ToTell told{std::move(standing), {}, config.hooks};
        told.is_note = true;
        told.line = told.standing.kinds.empty() ? "" : told.standing.still;
        all.push_back(std::move(told));
    }
}

}  // namespace

std::vector<ToTell> how_jobs_stand(const SendConfig& config, const std::filesystem::path& state_dir,
                                   WallTime now) {
    std::vector<ToTell> all;
    all.reserve(config.jobs.size() + 1);
    std::optional<Failure> failure;
    try {
        add_jobs(config, state_dir, now, all);
    } catch (const Failure& caught) {
        failure = caught;
    }
    all.push_back(of_history(config, failure ? &*failure : nullptr));
    add_notes(config, state_dir, all);
    return all;
}

}  // namespace snapferry::send
