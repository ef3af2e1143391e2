#pragma once

#include <string>

#include "snapferry/core/setup/plan.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/files/file_lock.h"
#include "task.h"

namespace snapferry::setup {

/// A step that cannot even be looked at is blocked.
Plan look_at_all(const Tasks& tasks);

/// See carry_out() of receiver_setup.h.
void carry_out_all(const Tasks& tasks, const Plan& agreed, const TellStep& tell);

/// Removes what a run that was killed has left beside the files that it changed.
void forget_unfinished_edits(const std::string& user);

/// Throws Failure (busy) where another set-up is at work on this machine; else holds the place of
/// it until destroyed.
class SetupTurn {
  public:
    SetupTurn();

  private:
    sys::FileLock lock_;
};

}  // namespace snapferry::setup
