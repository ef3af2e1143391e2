#include "snapferry/send/telling/before_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
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
    while (!said.empty() && said.back() == '\n') {
        said.pop_back();
    }
    std::replace(said.begin(), said.end(), '\n', ' ');
    return said.empty() ? "" : ": " + escape_text(said);
}

}  // namespace

void call_before_run(const HookSettings& hooks, const RunReport& report) {
    const auto& hook = hooks.before_run;
    if (hook.empty()) {
        return;
    }
    sys::Command command;
    command.program = hook.front();
    command.arguments.assign(hook.begin() + 1, hook.end());
    command.environment = environment_of(report);
    const auto end = sys::run_within(std::move(command), hooks.timeout, most_said);
    if (!end.status || !end.status->is_success()) {
        const auto how = end.status ? "failed: " + end.status->text()
                                    : fmt::format("took longer than {} and was killed",
                                                  duration_text(hooks.timeout));
        throw Failure(ExitCode::connection,
                      fmt::format("the hook before_run, {}, {}{}", escape_text(hook.front()), how,
                                  words_of(end.said)),
                      "the receiver was not called; try by hand, as root, what before_run runs");
    }
}

}  // namespace snapferry::send
