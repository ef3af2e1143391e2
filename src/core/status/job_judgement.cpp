#include "snapferry/core/status/job_judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry {
namespace {

using std::chrono::seconds;

Condition condition_of(const JobFacts& job, std::optional<seconds> age) {
    if (!job.history) {
        return Condition::never_run;
    }
    switch (freshness_of(age, job.allowed)) {
        case Freshness::unknown:
            return Condition::no_backup;
        case Freshness::stale:
            return Condition::stale;
        case Freshness::from_the_future:
            return job.history->small_full_send ? Condition::suspicious
                                                : Condition::from_the_future;
        case Freshness::doubtful:
        case Freshness::fresh:
            break;
    }
    if (job.history->small_full_send) {
        return Condition::suspicious;
    }
    if (last_run_failed(job)) {
        return Condition::failing;
    }
    if (freshness_of(age, job.allowed) == Freshness::doubtful) {
        return Condition::doubtful;
    }
    if (!job.paused.empty()) {
        return Condition::paused;
    }
    return job.history->last_run.nested.empty() ? Condition::ok : Condition::incomplete;
}

CheckState state_of(Condition condition) {
    if (condition <= Condition::suspicious) {
        return CheckState::critical;
    }
    return condition == Condition::ok ? CheckState::ok : CheckState::warning;
}

}  // namespace

std::optional<seconds> age_of_newest(const JobFacts& job, WallTime now) {
    const auto* const newest = job.history ? job.history->newest.snapshot() : nullptr;
    return newest == nullptr ? std::nullopt
                             : std::optional(std::chrono::floor<seconds>(now - newest->taken));
}

bool has_nothing_there(const JobFacts& job) {
    return job.history && job.history->newest.is_nothing();
}

bool last_run_failed(const JobFacts& job) {
    return job.history && job.history->last_run.outcome != ExitCode::done;
}

std::string meaning_of(ExitCode outcome) {
    const auto* const entry =
        std::find_if(exit_code_meanings.begin(), exit_code_meanings.end(),
                     [&](const ExitCodeMeaning& meaning) { return meaning.code == outcome; });
    return entry == exit_code_meanings.end()
               ? fmt::format("exit code {}", static_cast<int>(outcome))
               : std::string(entry->meaning);
}

std::string failure_of_last_run(const JobFacts& job) {
    const auto& run = job.history->last_run;
    return escape_text(run.error.empty() ? meaning_of(run.outcome) : run.error);
}

Judgement judge(const JobFacts& job, WallTime now) {
    const auto age = age_of_newest(job, now);
    const auto condition = condition_of(job, age);
    return {condition, state_of(condition), age};
}

std::string name_of(Condition condition) {
    constexpr std::array names{"never",   "no backup", "stale",  "suspicious", "from the future",
                               "failing", "doubtful",  "paused", "incomplete", "ok"};
    return names.at(static_cast<std::size_t>(condition));
}

std::string need_of(const JobFacts& job, WallTime now) {
    const auto judgement = judge(job, now);
    const auto age = rough_duration(judgement.age.value_or(seconds{0}));
    switch (judgement.condition) {
        case Condition::never_run:
            return "has never run";
        case Condition::no_backup:
            return has_nothing_there(job) ? "has no backup at the receiver" : "has no backup yet";
        case Condition::stale:
            return fmt::format("has had no backup for {}", age);
        case Condition::suspicious:
            return "may have sent an empty directory";
        case Condition::from_the_future:
            return "has a backup from the future: is the clock right?";
        case Condition::failing:
            return fmt::format("fails; its newest backup is {} old", age);
        case Condition::doubtful:
            return fmt::format(
                "has a backup of {} ago, and it is not known yet how often one is made", age);
        case Condition::paused:
            return "is paused";
        case Condition::incomplete:
            return "leaves subvolumes out";
        case Condition::ok:
            return {};
    }
    return {};
}

}  // namespace snapferry
