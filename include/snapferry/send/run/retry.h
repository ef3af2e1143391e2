#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/send/job/job_progress.h"

namespace snapferry::send {

/// One that another try in the same run would not change.
class FinalFailure : public Failure {
  public:
    using Failure::Failure;
};

/// How often it is tried again, and how long.
struct Retries {
    using Clock = std::chrono::steady_clock;

    unsigned count = 3;                        ///< so often at least, and
    std::chrono::seconds lasting{0};           ///< so long at least, from the first failure on
    std::optional<Clock::time_point> since{};  ///< that failure, where it was before this
};

/// Does `work`, and again as `retries` says where the connection was lost or the other side
/// fell silent. It waits between tries, longer each time and never quite the same: a receiver that
/// restarts must not be stormed, and sshd penalises sources that fail too often.
///
/// `gets_further` is asked after each failure, and says whether the one before came less far: then
/// the tries begin anew, for a line that breaks now and then must not end a long send.
void with_retries(
    const Retries& retries, Log& log, const std::function<void()>& work,
    const std::function<bool()>& gets_further = [] { return false; });

/// The same for one that shows in `progress` what it sends.
void with_retries(const Retries& retries, Log& log, const JobProgress& progress,
                  const std::function<void()>& work);

}  // namespace snapferry::send
