#include "snapferry/send/telling/how_jobs_stand.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/freshness.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/allowed_age_of.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::send {
namespace {

std::optional<std::chrono::seconds> age_of(const std::optional<JobHistory>& history, WallTime now) {
    const auto* const newest = history ? history->newest.snapshot() : nullptr;
    return newest == nullptr
               ? std::nullopt
               : tellable_age(std::chrono::floor<std::chrono::seconds>(now - newest->taken));
}

ToTell of_job(const Job& job, const std::optional<JobHistory>& history, WallTime now) {
    const auto identity = identity_of(job);
    const alert::JobAsked asked{
        job.name, identity,
        allowed_age_of(identity, job.max_age, history ? history->taken : std::vector<WallTime>{})};
    ToTell told{alert::standing_of(asked, history, now, sys::local_time_text),
                alert::line_of(asked, history, now), job.alerts.hooks};
    told.report.job = job.name;
    told.report.identity = asked.identity;
    if (history) {
        told.report = history->last_run;
        told.report.job = job.name;
    }
    told.age = age_of(history, now);
    return told;
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
        told.report.outcome = failure->code();
        told.report.error = failure_text(*failure);
    }
    return told;
}

void add_jobs(const SendConfig& config, const std::filesystem::path& state_dir, WallTime now,
              std::vector<ToTell>& all) {
    const auto history = sys::History::open_existing(sys::history_file(state_dir));
    for (const auto& job : config.jobs) {
        all.push_back(
            of_job(job, history ? history->newest_of(identity_of(job)) : std::nullopt, now));
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
