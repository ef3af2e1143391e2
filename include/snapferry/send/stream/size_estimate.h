#pragma once

#include <thread>

#include "snapferry/send/job/job_progress.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// Finds out what a stream will about come to, on a thread of its own and with patience: the kernel
/// makes it a second time, without data. Tells the progress when it knows; where it never does,
/// there is no estimate, and nothing is amiss.
class SizeEstimate {
  public:
    SizeEstimate(btrfs::SendRequest request, JobProgress& progress);

  private:
    std::jthread thread_;
};

}  // namespace snapferry::send
