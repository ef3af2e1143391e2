#include "snapferry/admin/age_check.h"

#include <fmt/format.h>

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
    if (last_run_failed(state)) {
        return {CheckState::critical, fmt::format("{}: no backup yet, and the last run failed: {}",
                                                  job, failure_text(state))};
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
    for (const auto& state : states) {
        findings.push_back(finding_of(state, max_age, now));
        add_what_is_missing(state, findings);
    }
    return findings;
}

}  // namespace snapferry::admin
