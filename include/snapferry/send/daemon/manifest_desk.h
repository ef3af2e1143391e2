#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/stream/bandwidth_limit.h"

namespace snapferry::send {

/// Makes the manifests of what a daemon's jobs have sent, one after the other, and keeps no backup
/// waiting. While there is nothing to make it has no thread. Thread-safe.
class ManifestDesk {
  public:
    /// A manifest to be made.
    struct Order {
        std::shared_ptr<const Job> job;
        RunReport run;  ///< that has sent the snapshot
        WantedManifest wanted;
        std::shared_ptr<BandwidthLimit> limit;
    };

    /// `bell`: an eventfd, written to whenever an order is done with.
    ManifestDesk(int bell, Log& log) : log_(log), bell_(bell) {}
    ~ManifestDesk();
    ManifestDesk(const ManifestDesk&) = delete;
    ManifestDesk& operator=(const ManifestDesk&) = delete;

    void take(Order order);

    /// The job is to be run, and its next end brings the next order: this one is given up, and goes
    /// on from where it is then. False where it is still at work: the bell tells when it is not.
    bool makes_way_for(const Job& job);

  private:
    struct Entry {
        Order order;
        std::stop_source stop;
    };

    void work();
    void do_first(std::unique_lock<std::mutex>& holding);

    Log& log_;
    int bell_;
    std::mutex mutex_;
    std::list<Entry> entries_;  ///< guarded by mutex_; the first is at work where is_at_work_
    bool is_at_work_ = false;   ///< guarded by mutex_
    bool is_manned_ = false;    ///< guarded by mutex_: thread_ will look for an entry once more
    std::jthread thread_;
};

}  // namespace snapferry::send
