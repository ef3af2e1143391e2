#include "snapferry/send/telling/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/freshness.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/report/run_log.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/send/here/last_sent.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/snapshots.h"
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

/// When the newest one was made, by what is known without the receiver. Where the snapshot is gone,
/// or its directory, the time in its name is all there is.
std::optional<WallTime> last_sent_taken(const Job& job, const std::string& name) {
    try {
        auto local = list_snapshots(job.snapshot_dir);
        const auto pins = Pins(job.snapshot_dir, job.dest_tag).list();
        local.insert(local.end(), pins.begin(), pins.end());
        const auto found = std::find_if(local.begin(), local.end(), [&](const LocalSnapshot& one) {
            return one.name.text() == name;
        });
        if (found != local.end()) {
            return found->taken;
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the run has told of it
    }
    return time_in_name(name);
}

/// By last_sent_@TAG.txt, which the classic script has, too.
std::optional<WallTime> noted_as_sent(const Job& job) {
    try {
        const auto name = read_last_sent(last_sent_file(job.snapshot_dir, job.source_tag));
        return name.empty() ? std::nullopt : last_sent_taken(job, name);
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
    Call(const Job& job, const RunReport& report, Age age, const sys::StopFlag& stop, Log& log)
        : settings_(job.alerts.hooks), report_(report), age_(age), stop_(stop), log_(report, log) {}

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
    const sys::StopFlag& stop_;
    RunLog log_;
};

}  // namespace

void Hooks::tell(const Job& job, const RunReport& report, const sys::StopFlag& stop) {
    const auto& hooks = job.alerts.hooks;
    const auto taken = report.newest_taken ? report.newest_taken : last_known_(report);
    const auto age = age_of(taken ? taken : noted_as_sent(job));
    const bool well = report.outcome == ExitCode::done;
    Call call(job, report, tellable_age(age), stop, log_);
    if (well) {
        call.make("success", hooks.on_success);
    } else {
        call.make("failure", hooks.on_failure);
    }
    const auto freshness = freshness_of(age, hooks.stale_after);
    if (is_alarming(freshness)) {
        call.make("stale", hooks.on_stale);
    } else if (well && freshness == Freshness::fresh) {
        call.make("fresh", hooks.on_fresh);
    }
}

void Hooks::tell_stale(const Job& job, Age age, const sys::StopFlag& stop) {
    RunReport report;
    report.job = job.name;
    report.receiver = job.receiver.destination.host;
    report.dest_tag = job.dest_tag.text();
    Call(job, report, age, stop, log_).make("stale", job.alerts.hooks.on_stale);
}

}  // namespace snapferry::send
