#pragma once

#include <memory>
#include <vector>

#include "snapferry/core/setup/plan.h"

namespace snapferry::setup {

/// One thing that must be so for this machine to receive (or no longer): it can be looked at, and
/// made so. Nothing is remembered in between but what was wished.
class Task {
  public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task(Task&&) = delete;
    Task& operator=(Task&&) = delete;
    virtual ~Task() = default;

    /// Changes nothing.
    [[nodiscard]] virtual Step look() const = 0;

    /// For one that look() calls to be done. Throws Failure, with all as it was.
    virtual void carry_out() = 0;
};

using Tasks = std::vector<std::unique_ptr<Task>>;

inline Step& done(Step& step) {
    step.state = Step::State::done;
    step.shown.clear();
    return step;
}

inline Step& blocked(Step& step, std::string why, std::string advice) {
    step.state = Step::State::blocked;
    step.why = std::move(why);
    step.advice = std::move(advice);
    return step;
}

inline Step& left(Step& step, std::string why, std::string advice) {
    blocked(step, std::move(why), std::move(advice));
    step.state = Step::State::left;
    return step;
}

}  // namespace snapferry::setup
