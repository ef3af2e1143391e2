#include "snapferry/sys/processes/ancestors.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

constexpr int most_ancestors = 16;                      // sshd is three or four above
constexpr std::size_t max_file = 4 * 1024 * 1024;       // bytes; execve(2) takes less by default
constexpr std::string_view parent_field = "\nPPid:\t";  // proc(5), status

std::optional<std::string> read_of(pid_t process, std::string_view what) {
    try {
        return read_small_file(fmt::format("/proc/{}/{}", process, what), max_file);
    } catch (const std::exception&) {
        return std::nullopt;  // gone, or not ours to read
    }
}

std::optional<pid_t> parent_of(pid_t process) {
    const auto status = read_of(process, "status");
    const auto field = status ? status->find(parent_field) : std::string::npos;
    if (field == std::string::npos) {
        return std::nullopt;
    }
    pid_t parent = 0;
    const auto* const end = status->data() + status->size();
    const auto* const begin = status->data() + field + parent_field.size();
    const bool is_number = std::from_chars(begin, end, parent).ec == std::errc{};
    return is_number && parent > 1 ? std::optional(parent) : std::nullopt;
}

SshVariables variables_in(std::string_view environment) {
    SshVariables found;
    while (!environment.empty()) {
        const auto variable = environment.substr(0, environment.find('\0'));
        found.has_connection |= variable.starts_with("SSH_CONNECTION=");
        found.has_original_command |= variable.starts_with("SSH_ORIGINAL_COMMAND=");
        environment.remove_prefix(std::min(variable.size() + 1, environment.size()));
    }
    return found;
}

}  // namespace

std::vector<SshVariables> ssh_variables_from_here_up() {
    std::vector<SshVariables> found;
    std::optional<pid_t> process = ::getpid();
    for (int step = 0; process && step < most_ancestors; ++step) {
        const auto environment = read_of(*process, "environ");
        if (!environment) {
            break;
        }
        found.push_back(variables_in(*environment));
        process = parent_of(*process);
    }
    return found;
}

}  // namespace snapferry::sys
