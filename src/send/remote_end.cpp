#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/escape.h"
#include "snapferry/send/receiver_link.h"

namespace snapferry::send {
namespace {

constexpr int not_executable = 126;  // exit statuses of a shell that cannot start a command
constexpr int not_found = 127;

/// The last line that says something: the cause, after whatever a login shell had to tell.
std::string last_line(const std::string& text) {
    auto end = text.find_last_not_of(" \r\n");
    if (end == std::string::npos) {
        return {};
    }
    const auto begin = text.rfind('\n', end);
    const auto from = begin == std::string::npos ? 0 : begin + 1;
    return text.substr(from, end + 1 - from);
}

bool is_known_code(int status) {
    return std::any_of(exit_code_meanings.begin(), exit_code_meanings.end(),
                       [&](const ExitCodeMeaning& entry) {
                           return static_cast<int>(entry.code) == status && status != 0;
                       });
}

}  // namespace

void explain_remote_end(const std::string& said, std::optional<int> status) {
    constexpr std::string_view own_prefix = "snapshot-receive: ";
    const auto line = last_line(said);
    if (line.starts_with(own_prefix) && status && is_known_code(*status)) {
        throw Failure(static_cast<ExitCode>(*status),
                      "the receiver: " + escape_text(line.substr(own_prefix.size())));
    }
    if (line.find("command not found") != std::string::npos || status == not_found ||
        status == not_executable) {
        throw Failure(ExitCode::receiving,
                      fmt::format("snapshot-receive is not installed at the receiver ({})",
                                  line.empty() ? "not found" : escape_text(line)),
                      "install snapferry there, into /usr/local/sbin");
    }
    if (line.starts_with("sudo: ") || line.starts_with("Sorry, user")) {
        throw Failure(ExitCode::authentication,
                      "sudo refused at the receiver: " + escape_text(line),
                      "allow just this command, with just this tag, in a sudoers file there (see "
                      "the README), and check it with visudo -c");
    }
    if (!status) {
        throw Failure(ExitCode::connection, line.empty()
                                                ? "the connection to the receiver broke"
                                                : "the receiver was ended: " + escape_text(line));
    }
    throw ClassicReceiver(ExitCode::receiving,
                          fmt::format("the receiver ended with exit status {}{}{}", *status,
                                      line.empty() ? "" : ": ", escape_text(line)));
}

void explain_session_end(const std::string& said, std::optional<int> status) {
    const bool known = status && is_known_code(*status);
    const auto line = last_line(said);
    throw Failure(known ? static_cast<ExitCode>(*status) : ExitCode::connection,
                  fmt::format("the receiver ended without a last word ({}{}{})",
                              status ? fmt::format("exit status {}", *status) : "no exit status",
                              line.empty() ? "" : ": ", escape_text(line)),
                  "what it has is kept, and the next run goes on");
}

}  // namespace snapferry::send
