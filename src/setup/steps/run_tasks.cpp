#include "run_tasks.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"

namespace snapferry::setup {
namespace {

constexpr auto lock_file = "/run/snapferry-setup.lock";

sys::FileLock lock_or_throw() {
    auto lock = sys::FileLock::acquire(lock_file, std::chrono::seconds{2});
    if (!lock) {
        throw Failure(ExitCode::busy, "another set-up is at work on this machine",
                      "wait until it is done, and run this again");
    }
    return std::move(*lock);
}

/// What a person has agreed to.
bool is_same(const Step& a, const Step& b) {
    return a.name == b.name && a.state == b.state && a.what == b.what && a.shown == b.shown;
}

void require_agreed(const Plan& now, const Plan& agreed) {
    require_no_block(now);
    if (!std::ranges::equal(now.steps, agreed.steps, is_same)) {
        throw Failure(ExitCode::busy,
                      "nothing was changed: what was shown is no longer what would be done",
                      "run this again");
    }
}

[[noreturn]] void refuse_not_so(const Step& step, const std::string& where) {
    throw Failure(ExitCode::configuration,
                  fmt::format("this was done, and is not so: {} ({})", step.what,
                              step.why.empty() ? where : step.why),
                  step.advice.empty() ? "run this again" : step.advice);
}

void carry_out_one(Task& task, const TellStep& tell) {
    const auto before = task.look();
    if (before.state == Step::State::blocked) {  // by what was done before it
        throw Failure(ExitCode::configuration,
                      fmt::format("cannot {}: {}", before.what, before.why),
                      before.advice.empty() ? "run this again" : before.advice);
    }
    if (before.state != Step::State::to_do) {
        return;
    }
    task.carry_out();
    const auto after = task.look();
    if (after.state != Step::State::done) {
        refuse_not_so(after, before.where);
    }
    auto told = before;
    told.state = Step::State::done;
    tell(told);
}

}  // namespace

SetupTurn::SetupTurn() : lock_(lock_or_throw()) {}

Plan look_at_all(const Tasks& tasks) {
    Plan plan;
    plan.steps.reserve(tasks.size());
    for (const auto& task : tasks) {
        try {
            plan.steps.push_back(task->look());
        } catch (const Failure& failure) {
            plan.steps.push_back({"unknown",
                                  "look at one of the steps",
                                  {},
                                  {},
                                  Step::State::blocked,
                                  failure.what(),
                                  failure.hint()});
        }
    }
    return plan;
}

void require_no_block(const Plan& plan) {
    for (const auto& step : plan.steps) {
        if (step.state == Step::State::blocked) {
            throw Failure(ExitCode::configuration,
                          fmt::format("nothing was changed: cannot {}: {}", step.what, step.why),
                          step.advice);
        }
    }
}

void require_all_done(const Plan& plan) {
    for (const auto& step : plan.steps) {
        if (step.state == Step::State::to_do || step.state == Step::State::blocked) {
            refuse_not_so(step, step.where);
        }
    }
}

void carry_out_all(const Tasks& tasks, const Plan& agreed, const TellStep& tell) {
    require_agreed(look_at_all(tasks), agreed);
    for (const auto& task : tasks) {
        carry_out_one(*task, tell);
    }
}

}  // namespace snapferry::setup
