#include "snapferry/send/telling/before_run.h"

#include <fmt/format.h>

#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/one_line.h"
#include "snapferry/sys/processes/hook_command.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::send {
namespace {

constexpr std::size_t most_said = 1000;  // bytes

/// Of a run that has come to nothing yet.
std::vector<std::string> environment_of(RunReport report) {
    const auto run = std::exchange(report.run, {});
    auto environment = hook_environment("before_run", report, {});
    std::erase(environment, "SNAPFERRY_RUN=");
    environment.push_back("SNAPFERRY_RUN=" + run);
    return environment;
}

std::string words_of(std::string said) {
    const auto line = on_one_line(std::move(said));
    return line.empty() ? "" : ": " + escape_text(line);
}

}  // namespace

void call_before_run(const HookSettings& hooks, const RunReport& report) {
    const auto& hook = hooks.before_run;
    if (hook.empty()) {
        return;
    }
    auto end =
        sys::run_within(sys::hook_command(hook, environment_of(report)), hooks.timeout, most_said);
    if (!end.status || !end.status->is_success()) {
        const auto how = end.status ? "failed: " + end.status->text()
                                    : fmt::format("took longer than {} and was killed",
                                                  duration_text(hooks.timeout));
        throw Failure(ExitCode::connection,
                      fmt::format("the hook before_run, {}, {}{}", escape_text(hook.front()), how,
                                  words_of(std::move(end.said))),
                      "the receiver was not called; try by hand, as root, what before_run runs");
    }
}

}  // namespace snapferry::send
