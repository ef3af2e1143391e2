#include "login_refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text_lines.h"

namespace snapferry {
namespace {

using Kind = NoReceiver::Kind;

/// What a program says, in lower case, and what to do then; {} is the user.
struct Known {
    std::string_view words;
    std::string_view hint;
};

constexpr std::string_view allow_in_sudoers =
    "allow just this command, with just this tag, in a sudoers file there (see docs/by-hand.md), "
    "and "
    "check it with visudo -c";
constexpr std::string_view give_a_shell =
    "at the receiver, give the user a shell that can start a command: sudo usermod -s /bin/sh {}";
constexpr std::string_view let_account_live =
    "at the receiver, let the account not expire: sudo chage -E -1 {}";
constexpr std::string_view let_password_live =
    "at the receiver, let the password not expire: sudo chage -d $(date +%F) -M -1 {}";
constexpr std::string_view come_later =
    "the receiver is starting or going down; if it is neither, look at /run/nologin and "
    "/etc/nologin there";
constexpr std::string_view look_at_the_login =
    "see what the sshd, the shell and the command= in ~{}/.ssh/authorized_keys at the receiver let "
    "this key do";

constexpr std::array sudo_words{
    Known{"must have a tty", "add to a sudoers file there: Defaults:{} !requiretty"},
    Known{"account expired", let_account_live},
    Known{"password is expired", let_password_live},
    Known{"password expired", let_password_live},
    Known{"no new privileges",
          "at the receiver, take NoNewPrivileges= out of what starts sshd: sudo cannot work with "
          "it"},
    Known{"setuid bit",
          "at the receiver, mend sudo itself: sudo must be setuid root, on a disk "
          "that is not mounted nosuid"},
};

// shadow and util-linux (nologin, login), Linux-PAM, systemd, OpenSSH, git-shell, rssh, scponly,
// Synology's and QNAP's shells.
constexpr std::array login_words{
    Known{"this account is currently not available", give_a_shell},
    Known{"this account is not available", give_a_shell},
    Known{"account is restricted", give_a_shell},
    Known{"interactive git shell is not enabled", give_a_shell},
    Known{"fatal: unrecognized command", give_a_shell},
    Known{"allows sftp connections only", give_a_shell},
    Known{"sftp only", give_a_shell},
    Known{"account has expired", let_account_live},
    Known{"account expired", let_account_live},
    Known{"account is expired", let_account_live},
    Known{"account is locked", look_at_the_login},
    Known{"account locked", look_at_the_login},
    Known{"password has expired", let_password_live},
    Known{"password expired", let_password_live},
    Known{"password change required", let_password_live},
    Known{"required to change your password", let_password_live},
    Known{"must change your password", let_password_live},
    Known{"authentication token", let_password_live},
    Known{"pam_nologin", come_later},
    Known{"system is booting up", come_later},
    Known{"system is going down", come_later},
    Known{"unprivileged users are not permitted to log in", come_later},
    Known{"too many logins", "at the receiver, look at maxlogins in /etc/security/limits.conf"},
};

/// Vaguer: only where they are in the last line, of somebody who then ended.
constexpr std::array gate_words{
    "denied",    "not allowed",     "not permitted",  "forbidden",
    "refused",   "unauthorized",    "not authorized", "no access",
    "rejected",  "access blocked",  "disallowed",     "not a permitted command",
    "not valid", "invalid command",
};

constexpr std::array sudo_openings{"sudo: ", "sudo-rs: ", "Sorry, user ", "[sudo] "};
constexpr std::array sudo_phrases{"is not in the sudoers file", "may not run sudo",
                                  "is not allowed to execute", "i'm afraid i can't do that"};
/// sudo says so and goes on.
constexpr std::array sudo_remarks{"unable to resolve host", "setrlimit(", "unable to send audit",
                                  "unable to stat /var/mail"};

NoReceiver refused(std::string message, std::string_view hint, std::string_view user) {
    return {Kind::refused, ExitCode::authentication, std::move(message),
            fmt::format(fmt::runtime(hint), user)};
}

template <typename Words>
bool has_any(std::string_view line, const Words& all) {
    return std::any_of(all.begin(), all.end(),
                       [&](std::string_view words) { return contains(line, words); });
}

template <typename Table>
const Known* find_known(std::string_view line, const Table& table) {
    const auto* const found = std::find_if(table.begin(), table.end(), [&](const Known& known) {
        return contains(line, known.words);
    });
    return found == table.end() ? nullptr : found;
}

bool is_of_sudo(std::string_view line) {
    const bool opens =
        std::any_of(sudo_openings.begin(), sudo_openings.end(),
                    [&](std::string_view opening) { return line.starts_with(opening); });
    return (opens && !has_any(line, sudo_remarks)) || has_any(line, sudo_phrases);
}

std::optional<std::string_view> line_of_gate(const LastWords& words) {
    if (!words.status) {
        return std::nullopt;
    }
    auto line = last_line_that(words.err, says_something);
    if (!line) {
        line = last_line_that(words.out, says_something);
    }
    return line && has_any(*line, gate_words) ? line : std::nullopt;
}

}  // namespace

std::optional<NoReceiver> sudo_refusal(const LastWords& words) {
    for (const auto text : {words.err, words.out}) {
        if (const auto line = last_line_that(text, is_of_sudo)) {
            const auto* const known = find_known(*line, sudo_words);
            return refused("sudo refused at the receiver: " + shown_line(*line),
                           known == nullptr ? allow_in_sudoers : known->hint, words.user);
        }
    }
    return std::nullopt;
}

std::optional<NoReceiver> login_refusal(const LastWords& words) {
    for (const auto text : {words.err, words.out}) {
        const Known* known = nullptr;
        const auto line = last_line_that(text, [&](std::string_view one) {
            known = find_known(one, login_words);
            return known != nullptr;
        });
        if (line) {
            return refused("the receiver refused the login: " + shown_line(*line), known->hint,
                           words.user);
        }
    }
    if (const auto line = line_of_gate(words)) {
        return refused("the receiver refused the command: " + shown_line(*line), look_at_the_login,
                       words.user);
    }
    return std::nullopt;
}

}  // namespace snapferry
