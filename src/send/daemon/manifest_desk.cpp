#include "snapferry/send/daemon/manifest_desk.h"

#include <sys/eventfd.h>

#include <iterator>
#include <utility>

#include "snapferry/core/log/run_log.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/manifest/manifest_run.h"

namespace snapferry::send {

/// What is at work goes on from where it is when it is next taken.
ManifestDesk::~ManifestDesk() {
    const std::lock_guard changing(mutex_);
    if (is_at_work_) {
        entries_.front().stop.request_stop();
        entries_.erase(std::next(entries_.begin()), entries_.end());
    } else {
        entries_.clear();
    }
}

void ManifestDesk::take(Order order) {
    const std::lock_guard changing(mutex_);
    entries_.push_back({std::move(order), {}});
    if (!is_manned_) {
        is_manned_ = true;
        thread_ = std::jthread([this] { work(); });
    }
}

bool ManifestDesk::makes_way_for(const Job& job) {
    const std::lock_guard changing(mutex_);
    const auto identity = identity_of(job);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const bool is_of_job = identity_of(*entry->order.job) == identity;
        const bool is_at_work = is_at_work_ && entry == entries_.begin();
        if (is_of_job && is_at_work) {
            entry->stop.request_stop();
            return false;
        }
        entry = is_of_job ? entries_.erase(entry) : std::next(entry);
    }
    return true;
}

void ManifestDesk::work() {
    std::unique_lock holding(mutex_);
    while (!entries_.empty()) {
        do_first(holding);
        (void)::eventfd_write(bell_, 1);
    }
    is_manned_ = false;
}

void ManifestDesk::do_first(std::unique_lock<std::mutex>& holding) {
    is_at_work_ = true;
    const auto& [order, stop] = entries_.front();
    holding.unlock();
    {
        RunLog log(order.run, log_);
        Line line(order.job->receiver, order.limit);
        follow_up_with_manifest(*order.job, order.wanted, line, log, stop.get_token());
    }
    holding.lock();
    entries_.pop_front();
    is_at_work_ = false;
}

}  // namespace snapferry::send
