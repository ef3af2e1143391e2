#include "snapferry/send/daemon/lookout.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "snapferry/core/plan/send_plan.h"
#include "snapferry/send/here/snapshots.h"

namespace snapferry::send {

void Lookout::note_event(const Job& job, BootTime now) {
    constexpr std::chrono::seconds between_looks{1};
    soon_ = looked_at_ ? std::max<BootTime>(now, *looked_at_ + between_looks) : now;
    again_ = now + job.schedule.settle;
}

bool Lookout::is_due(BootTime now) const {
    const auto next = next_time();
    return next && now >= *next;
}

std::optional<BootTime> Lookout::next_time() const {
    return soon_ && again_ ? std::min(soon_, again_) : (soon_ ? soon_ : again_);
}

bool Lookout::look(const Job& job, BootTime now, Log& log) {
    return note(newest_of(job, now, log));
}

void Lookout::run_began(const Job& job, BootTime now, Log& log) {
    (void)look(job, now, log);
    at_begin_ = seen_;
}

bool Lookout::look_after_run(const Job& job, const RunReport& report, BootTime now, Log& log) {
    seen_ = at_begin_;
    const auto newest = newest_of(job, now, log);
    const bool well = report.outcome == ExitCode::done;
    const auto* const there = report.newest.snapshot();
    const bool was_found = newest && ((there != nullptr && *newest == there->name) ||
                                      (well && *newest == report.snapshot));
    return note(newest) && !was_found;
}

/// True for another one; that there is none any more is no change.
bool Lookout::note(const std::optional<std::string>& newest) {
    if (!newest || *newest == seen_) {
        return false;
    }
    seen_ = *newest;
    return !seen_.empty();
}

/// Nothing where that cannot be told, and where the job does not go by it.
std::optional<std::string> Lookout::newest_of(const Job& job, BootTime now, Log& log) {
    looked_at_ = now;
    for (auto* const at : {&soon_, &again_}) {
        if (*at && now >= **at) {
            at->reset();
        }
    }
    if (!job.schedule.on_change) {
        return std::nullopt;
    }
    try {
        const auto newest = newest_snapshot(job.snapshot_dir, job.source_tag);
        missing_ = false;
        return newest ? newest->name.text() : std::string{};
    } catch (const std::exception& failure) {
        if (!missing_) {
            log.info("{}: cannot look for snapshots: {}", job.name, failure.what());
        }
        missing_ = true;
        return std::nullopt;
    }
}

}  // namespace snapferry::send
