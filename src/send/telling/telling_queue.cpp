#include "snapferry/send/telling/telling_queue.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/log/run_log.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/machine/random_uuid.h"

namespace snapferry::send {
namespace {

bool has_something_to_tell(const AlertSettings& alerts) {
    const auto& hooks = alerts.hooks;
    return tells_once(alerts) || alerts.metrics || !hooks.on_success.empty() ||
           !hooks.on_failure.empty() || !hooks.on_fresh.empty() || !hooks.on_stale.empty();
}

}  // namespace

TellingQueue::~TellingQueue() {
    finish();
}

void TellingQueue::ends(const Job& job, const JobProgress& /*progress*/, const RunReport& report) {
    if (!has_something_to_tell(job.alerts)) {
        return;
    }
    (void)push({fmt::format("how the run of {} ended ({})", escape_text(job.name),
                            exit_code_name(report.outcome)),
                [this, job, report] {
                    try {
                        metrics_.tell(job, report, hooks_.allowed(job, report).stale_after);
                    } catch (const Failure& failure) {
                        RunLog(report, log_).warning("{}", failure_text(failure));
                    }
                    hooks_.tell(job, report, stop_);
                }});
    if (tells_once(job.alerts)) {
        push_tell_program();
    }
}

void TellingQueue::stale(const Job& job, std::optional<std::chrono::seconds> age) {
    (void)push({fmt::format("that the newest backup of {} is too old", escape_text(job.name)),
                [this, job, age] { hooks_.tell_stale(job, age, stop_); }});
    if (tells_once(job.alerts)) {
        push_tell_program();
    }
}

void TellingQueue::rotated(const Rotation& rotation, const Failure* failure) {
    if (failure != nullptr) {
        rotation_failed(rotation, *failure);
    }
    if (rotation.tells_once && tell_program_) {
        note(rotation, failure);
    }
}

/// For `snapferry tell`, as no history has rotations.
void TellingQueue::note(const Rotation& rotation, const Failure* failure) {
    const auto key = "snapshots " + rotation.name;
    const sys::AlertNotes notes(sys::alerts_directory(tell_program_->state_dir(), "send"));
    if (failure == nullptr) {
        (void)push(
            {fmt::format("that the snapshots {} are rotated again", escape_text(rotation.name)),
             [notes, key] { notes.note_over(key); }});
        return;
    }
    const auto name = escape_text(rotation.name);
    alert::Standing standing{key, {alert::Kind::failure}};
    standing.begun = fmt::format("snapshots {}: not made, or not rotated", name);
    standing.still = fmt::format("snapshots {}: still not made, or not rotated", name);
    standing.over = fmt::format("snapshots {}: made and rotated again", name);
    standing.facts = {{"Error", safe_line(failure_text(*failure))},
                      {"Subvolume", escape_text(rotation.subvolume.native())},
                      {"Look", fmt::format("snapferry rotate '{}' --dry-run", name)}};
    (void)push({fmt::format("that the snapshots {} cannot be rotated", name),
                [notes, standing] { notes.note(standing); }});
    push_tell_program();
}

void TellingQueue::tend(bool tells, BootTime now) {
    constexpr std::chrono::hours interval{1};
    if (!tells || !tell_program_) {
        return;
    }
    if (!looked_ || now - *looked_ >= interval || tell_program_->has_to_try_again()) {
        looked_ = now;
        push_tell_program();
    }
}

/// One that waits does for all that are told before.
void TellingQueue::push_tell_program() {
    const auto set_waiting = [this](bool waits) {
        const std::lock_guard changing(mutex_);
        return std::exchange(tell_program_waits_, waits);
    };
    if (!tell_program_ || set_waiting(true)) {
        return;
    }
    const bool is_pushed = push({"how all stands", [this, set_waiting] {
                                     set_waiting(false);
                                     tell_program_->run(stop_, log_);
                                 }});
    if (!is_pushed) {
        set_waiting(false);
    }
}

void TellingQueue::rotation_failed(const Rotation& rotation, const Failure& failure) {
    if (rotation.hooks.on_failure.empty()) {
        return;
    }
    RunReport report;
    report.run = sys::random_uuid().text();
    report.job = rotation.name;
    report.started =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    report.outcome = failure.code();
    report.error = failure_text(failure);
    (void)push(
        {fmt::format("that the snapshots {} cannot be rotated", escape_text(rotation.name)),
         [this, hooks = rotation.hooks, report] { hooks_.tell_of_failure(hooks, report, stop_); }});
}

/// False where it is not told any more.
bool TellingQueue::push(Telling telling) {
    const std::lock_guard pushing(mutex_);
    if (stopped_) {
        return false;
    }
    if (waiting_.size() >= most_) {
        log_.warning("{} is not told: {} others wait behind {}", telling.what, waiting_.size(),
                     at_work_on_);
        return false;
    }
    waiting_.push_back(std::move(telling));
    if (!working_) {
        working_ = true;
        thread_ = std::jthread([this] { work(); });  // the one before it has ended, or just does
    }
    return true;
}

void TellingQueue::work() {
    while (const auto telling = next()) {
        try {
            telling->tell();
        } catch (const std::exception& failure) {
            log_.warning("{} is not told: {}", telling->what, escape_text(failure.what()));
        }
    }
}

/// Nothing where this thread is to end.
std::optional<TellingQueue::Telling> TellingQueue::next() {
    const std::lock_guard taking(mutex_);
    at_work_on_.clear();
    if (stopped_ || waiting_.empty()) {
        working_ = false;
        at_rest_.notify_all();
        return std::nullopt;
    }
    auto telling = std::move(waiting_.front());
    waiting_.pop_front();
    at_work_on_ = telling.what;
    return telling;
}

void TellingQueue::finish() {
    std::unique_lock waiting(mutex_);
    at_rest_.wait(waiting, [&] { return !working_; });
}

void TellingQueue::stop() noexcept {
    constexpr std::chrono::seconds patience{3};  // for the end of what was killed
    try {
        const auto untold = take_untold();
        stop_.raise();
        for (const auto& what : untold) {
            log_.warning("stopped before it was told {}", what);
        }
        std::unique_lock waiting(mutex_);
        (void)at_rest_.wait_for(waiting, patience, [&] { return !working_; });
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): there is nobody to tell
    }
}

std::vector<std::string> TellingQueue::take_untold() {
    const std::lock_guard taking(mutex_);
    stopped_ = true;
    std::vector<std::string> untold;
    if (!at_work_on_.empty()) {
        untold.push_back(at_work_on_ + ", or not to the end");
    }
    for (auto& telling : std::exchange(waiting_, {})) {
        untold.push_back(std::move(telling.what));
    }
    return untold;
}

}  // namespace snapferry::send
