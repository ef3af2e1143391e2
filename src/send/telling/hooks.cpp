#include "snapferry/send/telling/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/log/run_log.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/one_line.h"
#include "snapferry/send/here/allowed_age_of.h"
#include "snapferry/send/memory/last_arrival.h"
#include "snapferry/sys/processes/hook_command.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::send {
namespace {

constexpr std::size_t most_said = 1000;  // bytes of what a failing hook says that are logged

using Age = std::optional<std::chrono::seconds>;

std::string reason_of(const sys::TimedEnd& end, std::chrono::seconds timeout) {
    const auto how =
        end.status ? end.status->text() : fmt::format("killed after {}", duration_text(timeout));
    return end.said.empty() ? how : fmt::format("{}: {}", how, escape_text(on_one_line(end.said)));
}

/// By the memory of the job itself, where the history knows nothing.
std::optional<WallTime> last_arrival_known(const Job& job, Log& log) {
    try {
        return last_arrival_taken(job, log);
    } catch (const std::exception&) {
        return std::nullopt;  // the run has told what is wrong with that directory
    }
}

/// Less than nothing where it is from the future.
Age age_of(std::optional<WallTime> taken) {
    return taken ? Age(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() -
                                                                *taken))
                 : std::nullopt;
}

/// One call of one hook.
class Call {
  public:
    Call(const HookSettings& settings, const RunReport& report, Age age, const sys::StopFlag& stop,
         Log& log)
        : settings_(settings), report_(report), age_(age), stop_(stop), log_(report, log) {}

    void make(std::string_view event, const HookCommand& hook) {
        if (hook.empty() || stop_.is_raised()) {
            return;
        }
        try {
            const auto end =
                sys::run_within(command(event, hook), settings_.timeout, most_said, &stop_);
            if (!end.stopped && (!end.status || !end.status->is_success())) {
                warn(event, hook, reason_of(end, settings_.timeout));
            }
        } catch (const std::exception& error) {
            warn(event, hook, error.what());
        }
    }

  private:
    [[nodiscard]] sys::Command command(std::string_view event, const HookCommand& hook) const {
        return sys::hook_command(hook, hook_environment(event, report_, age_));
    }

    void warn(std::string_view event, const HookCommand& hook, std::string_view why) {
        log_.warning("the hook on_{}, {}, failed: {}", event, escape_text(hook.front()), why);
    }

    const HookSettings& settings_;
    const RunReport& report_;
    Age age_;
    const sys::StopFlag& stop_;
    RunLog log_;
};

}  // namespace

void Hooks::tell(const Job& job, const RunReport& report, const sys::StopFlag& stop) {
    const auto& hooks = job.alerts.hooks;
    const auto age = age_of(newest_taken(job, report));
    const bool well = report.outcome == ExitCode::done;
    Call call(hooks, report, tellable_age(age), stop, log_);
    if (well) {
        call.make("success", hooks.on_success);
    } else {
        call.make("failure", hooks.on_failure);
    }
    const auto freshness = freshness_of(age, allowed(job, report));
    if (is_alarming(freshness) || report.newest.is_nothing()) {
        call.make("stale", hooks.on_stale);
    } else if (well && freshness == Freshness::fresh) {
        call.make("fresh", hooks.on_fresh);
    }
}

std::optional<WallTime> Hooks::newest_taken(const Job& job, const RunReport& report) const {
    if (report.newest.is_known()) {
        const auto* const newest = report.newest.snapshot();
        return newest == nullptr ? std::nullopt : std::optional(newest->taken);
    }
    const auto known = last_known_(report).newest;
    return known ? known : last_arrival_known(job, log_);
}

AllowedAge Hooks::allowed(const Job& job, const RunReport& report) const {
    return allowed_age_of(identity_of(job), job.max_age, last_known_(report).taken);
}

void Hooks::tell_stale(const Job& job, Age age, const sys::StopFlag& stop) {
    RunReport report;
    report.job = job.name;
    report.identity = identity_of(job);
    Call(job.alerts.hooks, report, age, stop, log_).make("stale", job.alerts.hooks.on_stale);
}

void Hooks::tell_of_failure(const HookSettings& hooks, const RunReport& report,
                            const sys::StopFlag& stop) {
    Call(hooks, report, {}, stop, log_).make("failure", hooks.on_failure);
}

}  // namespace snapferry::send
