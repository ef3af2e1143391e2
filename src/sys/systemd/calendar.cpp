#include "snapferry/sys/systemd/calendar.h"

#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "snapferry/core/agenda/calendar_plan.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/calendar_answer.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::sys {
namespace {

constexpr std::chrono::seconds patience{5};  // it takes milliseconds

Failure cannot_be_asked(const std::string& why) {
    return {ExitCode::internal, "cannot ask systemd-analyze for times of the calendar: " + why,
            "run systemd-analyze calendar daily by hand, as root, to see why"};
}

TimedEnd ask(const std::string& expression, std::optional<std::chrono::sys_seconds> after) {
    constexpr std::size_t longest_answer = 64 * 1024;  // bytes
    Command command;
    try {
        command.program = find_program("systemd-analyze");
    } catch (const Failure& failure) {
        throw cannot_be_asked(failure.what());
    }
    command.arguments = {"calendar", fmt::format("--iterations={}", CalendarPlan::asked_for)};
    if (after) {
        command.arguments.push_back(
            fmt::format("--base-time=@{}", after->time_since_epoch().count()));
    }
    command.arguments.insert(command.arguments.end(), {"--", expression});
    return run_within(std::move(command), patience, longest_answer);
}

std::vector<std::chrono::sys_seconds> times_of(const std::string& expression,
                                               std::optional<std::chrono::sys_seconds> after) {
    const auto end = ask(expression, after);
    if (!end.status) {
        throw cannot_be_asked(fmt::format("no answer within {} s", patience.count()));
    }
    if (refuses_calendar_expression(end.said)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no calendar expression", escape_text(expression)),
                      "systemd-analyze calendar says what is; see systemd.time(7)");
    }
    if (!end.status->is_success()) {
        throw cannot_be_asked(end.status->text());
    }
    auto times = parse_calendar_answer(end.said);
    if (times.empty() && !says_never(end.said)) {
        throw cannot_be_asked("its answer is not understood");
    }
    return times;
}

}  // namespace

std::vector<std::chrono::sys_seconds> calendar_times(const std::string& expression) {
    return times_of(expression, {});
}

std::vector<std::chrono::sys_seconds> calendar_times_after(const std::string& expression,
                                                           std::chrono::sys_seconds time) {
    return times_of(expression, time);
}

void CalendarJudge::require(const std::string& expression) {
    if (!answers_ || good_.contains(expression)) {
        return;
    }
    try {
        (void)calendar_times(expression);
        good_.insert(expression);
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::configuration) {
            throw;
        }
        answers_ = false;
    }
}

Moment now() {
    timespec since_boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
    const auto wall = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto steady =
        std::chrono::seconds{since_boot.tv_sec} +
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds{since_boot.tv_nsec});
    return {BootTime{steady}, wall, local_offset(wall)};
}

std::chrono::seconds local_offset(std::chrono::sys_seconds at) {
    const std::time_t time = at.time_since_epoch().count();
    std::tm local{};
    ::localtime_r(&time, &local);
    return std::chrono::seconds{local.tm_gmtoff};
}

}  // namespace snapferry::sys
