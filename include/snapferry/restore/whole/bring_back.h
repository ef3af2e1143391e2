#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/restore/whole/places.h"
#include "snapferry/send/job/job.h"

namespace snapferry::restore {

/// Two descriptors to a give_back() at the machine that has the backups.
struct Channel {
    int from = -1;
    int to = -1;
};

struct WholeRestore {
    Tag tag;
    std::string host;  ///< that has the backups
    Places places;
    std::vector<send::Job> jobs;     ///< that are configured here
    std::function<Channel()> reach;  ///< logs in there; called once
};

/// Brings a whole backup back, so that the next one goes on from it: the read-only snapshot, which
/// is pinned and remembered, and a writable copy. What breaks on the way is gone on with by another
/// call. Jobs into the tag are paused from the beginning, and stay so. Throws Failure,
/// `receiving` where what came differs from the backup's manifest.
void bring_back(const WholeRestore& wanted, Log& log);

}  // namespace snapferry::restore
