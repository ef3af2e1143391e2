#include "snapferry/send/telling/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/report/run_log.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/last_arrival.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::send {
namespace {

constexpr std::size_t most_said = 1000;  // bytes of what a failing hook says that are logged

using Age = std::optional<std::chrono::seconds>;

/// What a hook says, its lines one after the other.
std::string on_one_line(std::string said) {
    while (!said.empty() && said.back() == '\n') {
        said.pop_back();
    }
    std::replace(said.begin(), said.end(), '\n', ' ');
    return escape_text(said);
}

std::string reason_of(const sys::TimedEnd& end, std::chrono::seconds timeout) {
    const auto how =
        end.status ? end.status->text() : fmt::format("killed after {}", duration_text(timeout));
    return end.said.empty() ? how : fmt::format("{}: {}", how, on_one_line(end.said));
}

std::optional<WallTime> newest_taken(const Job& job, const RunReport& report, Log& log) {
    if (report.newest.is_known()) {
        const auto* const newest = report.newest.snapshot();
        return newest == nullptr ? std::nullopt : std::optional(newest->taken);
    }
    try {
        return last_arrival_taken(job, log);
    } catch (const std::exception&) {
        return std::nullopt;  // the run has told what is wrong with that directory
    }
}

Age age_of_newest(const Job& job, const RunReport& report, Log& log) {
    const auto taken = newest_taken(job, report, log);
    return taken ? Age(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() -
                                                                *taken))
                 : std::nullopt;
}

/// One call of one hook.
class Call {
  public:
    Call(const Job& job, const RunReport& report, Age age, Log& log)
        : settings_(job.alerts.hooks), report_(report), age_(age), log_(report, log) {}

    void make(std::string_view event, const HookCommand& hook) {
        if (hook.empty()) {
            return;
        }
        try {
            const auto end = sys::run_within(command(event, hook), settings_.timeout, most_said);
            if (!end.status || !end.status->is_success()) {
                warn(event, hook, reason_of(end, settings_.timeout));
            }
        } catch (const std::exception& error) {
            warn(event, hook, error.what());
        }
    }

  private:
    [[nodiscard]] sys::Command command(std::string_view event, const HookCommand& hook) const {
        sys::Command command;
        command.program = hook.front();
        command.arguments.assign(hook.begin() + 1, hook.end());
        command.environment = hook_environment(event, report_, age_);
        return command;
    }

    void warn(std::string_view event, const HookCommand& hook, std::string_view why) {
        log_.warning("the hook on_{}, {}, failed: {}", event, escape_text(hook.front()), why);
    }

    const HookSettings& settings_;
    const RunReport& report_;
    Age age_;
    RunLog log_;
};

}  // namespace

void Hooks::ends(const Job& job, const JobProgress& /*progress*/, const RunReport& report) {
    const auto& hooks = job.alerts.hooks;
    if (hooks == HookSettings{}) {
        return;
    }
    const auto age = age_of_newest(job, report, log_);
    Call call(job, report, age, log_);
    if (report.outcome == ExitCode::done) {
        call.make("success", hooks.on_success);
    } else {
        call.make("failure", hooks.on_failure);
    }
    const bool is_too_old =
        report.newest.is_nothing() || (age && hooks.stale_after && *age > *hooks.stale_after);
    if (hooks.stale_after && is_too_old) {
        call.make("stale", hooks.on_stale);
    }
}

void Hooks::stale(const Job& job, std::chrono::seconds age) {
    RunReport report;
    report.job = job.name;
    report.identity = identity_of(job);
    Call(job, report, age, log_).make("stale", job.alerts.hooks.on_stale);
}

}  // namespace snapferry::send
