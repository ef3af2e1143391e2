#include "snapferry/send/telling/history_listener.h"

#include <exception>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/run_log.h"
#include "snapferry/send/run/run_once.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/history_trouble.h"

namespace snapferry::send {
namespace {

WallTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

RunReport interrupted(RunReport report, const JobProgress::View& at) {
    report.duration = now() - report.started;
    report.outcome = ExitCode::interrupted;
    report.error = "stopped by a signal; the next run goes on";
    report.snapshot = at.snapshot;
    report.stream_bytes = at.offset - at.begin;
    report.wire_bytes = at.wire_bytes;
    return report;
}

}  // namespace

void HistoryListener::begins(const Job& job, const JobProgress& progress) {
    const std::lock_guard noting(mutex_);
    under_way_.insert_or_assign(&progress, begun_report(job));
}

/// A stream may take days, and whoever asks meanwhile is not to hear of backups that are gone.
void HistoryListener::hears(const Job&, const RunReport& report) {
    const std::lock_guard noting(mutex_);
    if (auto history = sys::History::open_existing(file_)) {
        history->note_newest(report);
    }
}

void HistoryListener::ends(const Job&, const JobProgress& progress, const RunReport& report) {
    const std::lock_guard noting(mutex_);
    under_way_.erase(&progress);
    if (stopped_) {
        return;
    }
    try {
        auto history = sys::History::open(file_);
        history.add(report);
        warn_of_small_full_send(history, report);
    } catch (const Failure& failure) {
        sys::note_history_trouble(failure_text(failure));
        throw;
    }
    sys::forget_history_trouble();
}

/// Each run says it, until a person has looked.
void HistoryListener::warn_of_small_full_send(const sys::History& history,
                                              const RunReport& report) {
    const auto job = history.newest_of(report.identity);
    if (job && job->last_run.run == report.run && job->small_full_send) {
        RunLog(report, log_).warning("{}", text_of(*job->small_full_send));
    }
}

Hooks::Known HistoryListener::known(const JobIdentity& identity) const noexcept {
    Hooks::Known known;
    try {
        const auto history = sys::History::open_existing(file_);
        auto job = history ? history->newest_of(identity) : std::nullopt;
        if (job) {
            const auto* const newest = job->newest.snapshot();
            known.newest = newest != nullptr ? std::optional(newest->taken) : std::nullopt;
            known.taken = std::move(job->taken);
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    }
    return known;
}

void HistoryListener::stopped_by_signal() noexcept {
    try {
        const std::lock_guard noting(mutex_);
        stopped_ = true;
        if (under_way_.empty()) {
            return;
        }
        auto history = sys::History::open(file_);
        for (const auto& [progress, report] : under_way_) {
            history.add(interrupted(report, progress->view()));
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): there is nobody to tell
    }
}

}  // namespace snapferry::send
