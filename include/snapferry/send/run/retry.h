#pragma once

#include <functional>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/log.h"

namespace snapferry::send {

/// One that another try in the same run would not change.
class FinalFailure : public Failure {
  public:
    using Failure::Failure;
};

/// Does `work`, and again up to `retries` times where the connection was lost or the other side
/// fell silent. It waits between tries, longer each time and never quite the same: a receiver that
/// restarts must not be stormed, and sshd penalises sources that fail too often.
void with_retries(unsigned retries, Log& log, const std::function<void()>& work);

}  // namespace snapferry::send
