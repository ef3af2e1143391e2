#include "snapferry/sys/processes/program_output.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <chrono>
#include <system_error>

#include "snapferry/core/failure.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::sys {

std::string output_of(std::string_view program, std::vector<std::string> arguments) {
    constexpr std::chrono::seconds patience{10};
    constexpr std::size_t most_said = 16 * 1024 * 1024;  // bytes
    Command command;
    command.program = find_program(program);
    command.arguments = std::move(arguments);
    command.standard_error = UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    auto end = run_within(std::move(command), patience, most_said);
    if (!end.status || !end.status->is_success() || end.said.size() >= most_said) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} failed ({})", program,
                                  end.status ? end.status->text() : "it took too long"),
                      fmt::format("run {} by hand, as root, to see why", program));
    }
    return std::move(end.said);
}

std::filesystem::path own_directory() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path("/usr/local/sbin") : program.parent_path();
}

}  // namespace snapferry::sys
