#include "snapferry/core/asking/no_answer.h"

#include <fmt/format.h>

#include <array>

#include "../answer/text_lines.h"

namespace snapferry::asking {
namespace {

/// Words in lower case, and what they mean; {} is the host.
struct Known {
    std::string_view words;
    ExitCode code;
    std::string_view message;
    std::string_view hint;
};

constexpr std::string_view allow_it =
    "log in as somebody who may use sudo there, or allow it: see ASKING ANOTHER MACHINE in "
    "snapferry(8)";

constexpr std::array ssh_words{
    Known{"host identification has changed", ExitCode::host_key,
          "the host key of {} is not the one that is known",
          "find out why before you go on: see what ssh says when you log in there"},
    Known{"host key verification failed", ExitCode::host_key, "the host key of {} is not known",
          "log in there once with ssh, and compare the key"},
    Known{"permission denied", ExitCode::authentication, "{} refused the login",
          "log in there with ssh first; if this runs by sudo and your keys are in an agent: sudo "
          "--preserve-env=SSH_AUTH_SOCK"},
    Known{"too many authentication failures", ExitCode::authentication, "{} refused the login",
          "log in there with ssh first, and name the key in ~/.ssh/config"},
    Known{"bad owner or permissions", ExitCode::configuration,
          "ssh does not take your configuration", "mend what ssh says"},
    Known{"bad configuration option", ExitCode::configuration,
          "ssh does not understand your configuration", "mend what ssh says"},
};

constexpr std::array there_words{
    Known{"snapferry: command not found", ExitCode::configuration,
          "there is no snapferry at {}, or sudo does not find it",
          "install it there in /usr/local/sbin or /usr/sbin, the same version as here"},
    Known{"there is no command \"answer\"", ExitCode::configuration,
          "the snapferry at {} is too old to be asked from here",
          "install the same version there as here"},
    Known{"not expected: setup", ExitCode::configuration,
          "the snapferry at {} is too old to be set up from here",
          "install the same version there as here"},
    Known{"incorrect password attempt", ExitCode::authentication,
          "sudo at {} does not take the password",
          "it is the one of your user there that is wanted"},
    Known{"not in the sudoers file", ExitCode::authentication,
          "sudo at {} does not let you run snapferry", allow_it},
    Known{"not allowed to execute", ExitCode::authentication,
          "sudo at {} does not let you run snapferry", allow_it},
    Known{"may not run sudo", ExitCode::authentication, "sudo at {} does not let you run snapferry",
          allow_it},
    Known{"must have a tty", ExitCode::authentication, "sudo at {} wants a terminal",
          "add to a sudoers file there: Defaults!/usr/local/sbin/snapferry !requiretty"},
    Known{"sudo: command not found", ExitCode::configuration, "there is no sudo at {}",
          "install sudo there"},
    Known{"sudo: not found", ExitCode::configuration, "there is no sudo at {}",
          "install sudo there"},
    Known{"is currently not available", ExitCode::authentication, "{} lets this user run nothing",
          "log in as a person, and not as the user of the backups"},
};

std::string with_line(std::string_view message, std::string_view host, std::string_view line) {
    const auto text = fmt::format(fmt::runtime(message), shown_line(host));
    return line.empty() ? text : fmt::format("{} ({})", text, shown_line(line));
}

template <typename Table>
std::optional<Failure> find_known(const LoginEnd& end, const Table& table) {
    for (const auto& known : table) {
        const auto line = last_line_that(
            end.err, [&](std::string_view one) { return contains(one, known.words); });
        if (line) {
            return Failure(known.code, with_line(known.message, end.host, *line),
                           std::string(known.hint));
        }
    }
    return std::nullopt;
}

}  // namespace

Failure why_no_answer(const LoginEnd& end) {
    const bool is_ssh = end.status == status_of_ssh_itself;
    if (const auto known = is_ssh ? find_known(end, ssh_words) : find_known(end, there_words)) {
        return *known;
    }
    const auto line = last_line_that(end.err, says_something).value_or(std::string_view{});
    if (is_ssh || !end.status) {
        return PassingFailure(ExitCode::connection,
                              with_line("cannot log in at {}", end.host, line),
                              "log in there with ssh first");
    }
    return Failure(
        ExitCode::protocol, with_line("nobody answers for snapferry at {}", end.host, line),
        fmt::format("log in there with ssh and try: sudo snapferry answer (exit status {})",
                    *end.status));
}

}  // namespace snapferry::asking
