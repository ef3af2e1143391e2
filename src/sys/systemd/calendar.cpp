#include "snapferry/sys/systemd/calendar.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/calendar_answer.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/processes/process.h"

namespace snapferry::sys {

std::optional<std::chrono::sys_seconds> next_calendar_time(const std::string& expression) {
    constexpr std::chrono::seconds patience{10};
    constexpr std::size_t longest_answer = 64 * 1024;  // bytes
    auto answer = Pipe::make();
    Command command;
    command.program = find_program("systemd-analyze");
    command.arguments = {"calendar", "--", expression};
    command.standard_output = std::move(answer.write_end);
    auto process = Process::start(std::move(command));
    std::string text;
    std::array<std::byte, 4096> piece{};
    while (text.size() < longest_answer && wait_readable(answer.read_end.get(), patience)) {
        const auto count = read_some(answer.read_end.get(), piece, ExitCode::internal,
                                     "what systemd-analyze says");
        if (count == 0) {
            break;
        }
        text.append(reinterpret_cast<const char*>(piece.data()), count);
    }
    const auto status = process.wait_for(patience);
    if (!status || !status->is_success()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no calendar expression", escape_text(expression)),
                      "systemd-analyze calendar says what is; see systemd.time(7)");
    }
    return parse_calendar_answer(text);
}

std::chrono::seconds local_offset(std::chrono::sys_seconds at) {
    const std::time_t time = at.time_since_epoch().count();
    std::tm local{};
    ::localtime_r(&time, &local);
    return std::chrono::seconds{local.tm_gmtoff};
}

}  // namespace snapferry::sys
