#include "snapferry/admin/age_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/report/nested_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::admin {
namespace {

constexpr std::chrono::hours clocks_may_differ{1};

std::string failure_text(const JobState& state) {
    const auto& run = state.history->last_run;
    return escape_text(run.error.empty() ? meaning_of(run.outcome) : run.error);
}

Finding without_backup(const JobState& state) {
    const auto job = escape_text(state.job);
    if (!state.history) {
        return {CheckState::critical, fmt::format("{}: has never run", job)};
    }
    const auto* const what =
        has_nothing_there(state) ? "the receiver has no backup of what is here" : "no backup yet";
    if (last_run_failed(state)) {
        return {CheckState::critical,
                fmt::format("{}: {}, and the last run failed: {}", job, what, failure_text(state))};
    }
    if (has_nothing_there(state)) {
        return {CheckState::critical, fmt::format("{}: {}", job, what)};
    }
    return {CheckState::critical, fmt::format("{}: no backup is known", job)};
}

/// The worst that can be said of it, without the job's name.
Finding judged(const JobState& state, std::chrono::seconds age, std::chrono::seconds max_age) {
    if (age < -clocks_may_differ) {
        return {CheckState::warning,
                fmt::format("the newest backup was taken {} from now: is the clock right?",
                            duration_text(-age))};
    }
    const auto young = std::max(age, std::chrono::seconds{0});
    const auto newest = fmt::format("the newest backup is {} old", duration_text(young));
    if (young > max_age) {
        return {CheckState::critical,
                fmt::format("{}, more than {}{}", newest, duration_text(max_age),
                            last_run_failed(state)
                                ? fmt::format("; the last run failed: {}", failure_text(state))
                                : "")};
    }
    if (last_run_failed(state)) {
        return {CheckState::warning,
                fmt::format("{}, but the last run failed: {}", newest, failure_text(state))};
    }
    return {CheckState::ok, newest};
}

/// One that is not in the configuration, where there is one, may be a job of long ago: what it is
/// called now, or where it goes, is another.
std::string hint_for(const JobState& state, bool some_are_configured) {
    return state.configured || !some_are_configured
               ? ""
               : fmt::format(
                     "; it is not in the configuration: if it is no more, snapferry forget "
                     "'{}'",
                     escape_text(state.job));
}

Finding finding_of(const JobState& state, std::chrono::seconds max_age, WallTime now) {
    const auto age = age_of_newest(state, now);
    if (!age) {
        return without_backup(state);
    }
    auto finding = judged(state, *age, max_age);
    finding.text = fmt::format("{}: {}", escape_text(state.job), finding.text);
    finding.values.push_back({fmt::format("{} age", state.job), static_cast<double>(age->count()),
                              "s", std::nullopt, static_cast<double>(max_age.count())});
    return finding;
}

/// What is in no backup, and what may be none.
void add_what_is_missing(const JobState& state, std::vector<Finding>& findings) {
    if (!state.history) {
        return;
    }
    if (const auto& small = state.history->small_full_send) {
        findings.push_back(
            {CheckState::critical, fmt::format("{}: {}", escape_text(state.job), text_of(*small))});
    }
    if (const auto words = nested_text(state.history->last_run.nested); !words.empty()) {
        findings.push_back(
            {CheckState::warning, fmt::format("{}: {}", escape_text(state.job), words)});
    }
}

}  // namespace

std::vector<Finding> check_ages(const std::vector<JobState>& states, std::chrono::seconds max_age,
                                WallTime now) {
    std::vector<Finding> findings;
    findings.reserve(states.size());
    const bool some_are_configured =
        std::any_of(states.begin(), states.end(), [](const auto& one) { return one.configured; });
    for (const auto& state : states) {
        auto finding = finding_of(state, max_age, now);
        if (finding.state == CheckState::critical) {
            finding.text += hint_for(state, some_are_configured);
        }
        findings.push_back(std::move(finding));
        add_what_is_missing(state, findings);
    }
    return findings;
}

}  // namespace snapferry::admin
