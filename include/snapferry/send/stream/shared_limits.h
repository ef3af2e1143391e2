#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "snapferry/send/job/job.h"
#include "snapferry/send/stream/bandwidth_limit.h"

namespace snapferry::send {

/// One bandwidth limit for all that goes to a host, whichever receivers of the configuration it is
/// there as, by whichever ports: it is one line. The lowest that any of them has counts for all.
class SharedLimits {
  public:
    explicit SharedLimits(const std::vector<Job>& jobs) { set(jobs); }

    /// From now on those of these jobs, also for what is being sent.
    void set(const std::vector<Job>& jobs);

    /// Nothing where the host has no limit.
    [[nodiscard]] std::shared_ptr<BandwidthLimit> of(const Receiver& receiver) const;

  private:
    std::map<std::string, std::shared_ptr<BandwidthLimit>> limits_;  ///< by host
};

}  // namespace snapferry::send
