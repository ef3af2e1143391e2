#include "snapferry/send/daemon/daemon.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/run_log.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/machine/memory.h"
#include "snapferry/sys/signals/ending_signals.h"
#include "snapferry/sys/systemd/calendar.h"
#include "snapferry/sys/systemd/service_manager.h"

namespace snapferry::send {
namespace {

std::string count_of_jobs(std::size_t count) {
    return count == 1 ? "1 job" : fmt::format("{} jobs", count);
}

using std::chrono::milliseconds;

/// However long nothing is due: the clock may be set, a directory may come back.
constexpr std::chrono::seconds longest_wait{30};

/// A transfer shows life every few seconds, also while the kernel looks for changes.
constexpr std::chrono::minutes longest_silence{10};

/// However much happens in the directories, and however often this is woken for it.
constexpr milliseconds between_changes{250};

std::string text_of(const Crew::Running& running) {
    const auto& at = running.progress;
    if (at.phase != JobProgress::Phase::sending) {
        return running.job;
    }
    const auto share = at.estimate && *at.estimate > 0
                           ? fmt::format(" of about {}", byte_text(*at.estimate))
                           : std::string{};
    return fmt::format("{} ({}{})", running.job, byte_text(at.offset), share);
}

RotationDesk::Means means_of_rotation(Log& log) {
    return {[&log](const Rotation& rotation) {
                RunReport report;
                report.job = rotation.name;
                RunLog about_it(report, log);
                return rotate(rotation, {false, Severity::debug}, about_it);
            },
            last_rotated,
            [](const std::string& expression, std::optional<std::chrono::sys_seconds> after) {
                return after ? sys::calendar_times_after(expression, *after)
                             : sys::calendar_times(expression);
            }};
}

}  // namespace

Daemon::Daemon(LoadConfig load, Listeners listeners, Callbacks callbacks, Log& log)
    : load_(std::move(load)),
      callbacks_(std::move(callbacks)),
      log_(log),
      signals_(sys::take_over_ending_signals()),
      config_(load_()),
      roster_(sys::calendar_times, callbacks_.age_of, log),
      crew_(config_, std::move(listeners), log),
      rotations_(means_of_rotation(log), callbacks_.when_rotated, log) {
    roster_.set(config_.jobs, sys::now());
}

void Daemon::run() {
    log_.info("started with {}", count_of_jobs(config_.jobs.size()));
    sys::tell_ready(roster_.next_text(sys::now()));
    rotations_.set(config_.rotations);
    while (!stopping_) {
        note_what_ended();
        look_for_changes(sys::now());
        roster_.tend(sys::now());
        start_what_is_due();
        tell_what_is_stale();
        callbacks_.tend(config_, sys::now().steady);
        tell_systemd();
        wait();
        take_signals();
    }
    sys::tell_stopping();
    if (const auto running = crew_.running(); !running.empty()) {
        log_.info("stopping amid {} of the jobs: the next run goes on where they are",
                  running.size());
    }
}

void Daemon::look_for_changes(const Moment& now) {
    if (now.steady >= next_changes_) {
        next_changes_ = now.steady + between_changes;
        watch_.watch(roster_.directories());  // also one that was missing, and is there again
        roster_.note_changes(watch_.changed(), now);
    }
}

void Daemon::start_what_is_due() {
    const auto now = sys::now();
    for (auto& job : roster_.due(now)) {
        if (crew_.has_room_for(*job) && crew_.has_manifest_out_of_the_way(*job)) {
            roster_.began(*job, now);
            crew_.start(std::move(job));
        }
    }
}

void Daemon::note_what_ended() {
    const auto ends = crew_.take_ended();
    for (const auto& end : ends) {
        roster_.ended(end.report, end.began_at, sys::now());
    }
    if (!ends.empty()) {
        sys::give_back_memory();
    }
}

void Daemon::tell_what_is_stale() {
    for (const auto& stale : roster_.take_stale(sys::now())) {
        callbacks_.when_stale(*stale.job, stale.age);
    }
}

milliseconds Daemon::patience(const Moment& now) {
    milliseconds patience = longest_wait;
    if (const auto next = roster_.next_time(now)) {
        // A second at least: what is due and has no room waits for one that ends.
        patience =
            std::clamp<milliseconds>(*next - now.steady, std::chrono::seconds{1}, longest_wait);
    }
    if (const auto watchdog = sys::watchdog_patience()) {
        patience = std::min(patience, std::chrono::duration_cast<milliseconds>(*watchdog / 3));
    }
    if (!crew_.running().empty()) {
        patience = std::min<milliseconds>(patience, std::chrono::seconds{5});  // for the status
    }
    return patience;
}

void Daemon::wait() {
    const auto now = sys::now();
    const auto until = now.steady + patience(now);
    std::array waiting{pollfd{signals_.get(), POLLIN, 0}, pollfd{crew_.descriptor(), POLLIN, 0},
                       pollfd{watch_.descriptor(), POLLIN, 0}};
    const bool has_just_looked = now.steady < next_changes_;
    if (has_just_looked) {
        const auto all_but_changes = waiting.size() - 1;
        const auto pause = std::min(next_changes_, until) - now.steady;
        if (::poll(waiting.data(), all_but_changes, sys::poll_timeout(pause)) != 0) {
            return;
        }
    }
    const auto left = std::max(until - sys::now().steady, milliseconds{0});
    (void)::poll(waiting.data(), waiting.size(), sys::poll_timeout(left));
}

void Daemon::take_signals() {
    signalfd_siginfo signal{};
    while (::read(signals_.get(), &signal, sizeof(signal)) == sizeof(signal)) {
        if (signal.ssi_signo == SIGHUP) {
            reload();
        } else {
            stopping_ = true;
        }
    }
}

void Daemon::reload() {
    sys::tell_reloading();
    try {
        auto config = load_();
        roster_.set(config.jobs, sys::now());
        config_ = std::move(config);
        crew_.set(config_);
        rotations_.set(config_.rotations);
        log_.info("the configuration was read again: {}", count_of_jobs(config_.jobs.size()));
    } catch (const Failure& failure) {
        log_.error("the configuration is not taken, and the old one stays: {}",
                   failure_text(failure));
    }
    sys::tell_ready(roster_.next_text(sys::now()));
}

bool Daemon::shows_life() const {
    const auto running = crew_.running();
    return std::all_of(running.begin(), running.end(), [](const Crew::Running& one) {
        const auto& at = one.progress;
        const bool has_time_outs_of_its_own =
            at.phase == JobProgress::Phase::connecting || at.phase == JobProgress::Phase::finishing;
        return has_time_outs_of_its_own ||
               JobProgress::Clock::now() - at.last_sign < longest_silence;
    });
}

void Daemon::tell_systemd() {
    const auto now = sys::now().steady;
    const auto watchdog = sys::watchdog_patience();
    if (watchdog && (!fed_ || now - *fed_ >= *watchdog / 4) && shows_life()) {
        sys::feed_watchdog();
        fed_ = now;
    }
    std::string status;
    for (const auto& running : crew_.running()) {
        status += (status.empty() ? "sending " : ", ") + text_of(running);
    }
    if (status.empty()) {
        status = roster_.next_text(sys::now());
    }
    if (status != told_) {
        sys::tell_status(status);
        told_ = status;
    }
}

}  // namespace snapferry::send
