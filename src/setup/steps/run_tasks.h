#pragma once

#include <string>

#include "snapferry/core/setup/plan.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/file_lock.h"
#include "task.h"

namespace snapferry::setup {

/// A step that cannot even be looked at is blocked.
Plan look_at_all(const Tasks& tasks);

/// Throws Failure (configuration) where a step is blocked, naming the first.
void require_no_block(const Plan& plan);

/// Throws Failure (configuration) where something is still to be done, or blocked.
void require_all_done(const Plan& plan);

/// See carry_out() of receiver_setup.h.
void carry_out_all(const Tasks& tasks, const Plan& agreed, const TellStep& tell);

/// Throws Failure (busy) where another set-up is at work on this machine; else holds the place of
/// it until destroyed.
class SetupTurn {
  public:
    SetupTurn();

  private:
    sys::FileLock lock_;
};

}  // namespace snapferry::setup
