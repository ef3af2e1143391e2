#include "snapferry/core/answer/last_words.h"

#include "catch.h"
#include "snapferry/core/answer/session_end.h"

using namespace snapferry;
using Kind = NoReceiver::Kind;

namespace {

NoReceiver refusal(std::string_view said, std::optional<int> status) {
    const auto found = known_refusal({"", said, status, "backups"});
    INFO(said);
    REQUIRE(found.has_value());
    return *found;
}

}  // namespace

TEST_CASE("what our receiver says of its end is told with its own exit code") {
    for (const auto& entry : exit_code_meanings) {
        if (entry.code == ExitCode::done)
            continue;
        const auto found =
            refusal("snapshot-receive: it went wrong\n", static_cast<int>(entry.code));
        CHECK(found.kind == Kind::failed);
        CHECK(found.code == entry.code);
        CHECK(found.message == "the receiver: it went wrong");
    }
    CHECK_FALSE(known_refusal({"", "snapshot-receive: a script's own\n", 42}).has_value());
}

TEST_CASE("its line counts, whatever a login shell said around it") {
    const auto found = refusal(
        "Welcome to the Pi!\nbash: warning: x\n\nsnapshot-receive: busy \r\n\nlogout\n", 15);
    CHECK(found.code == ExitCode::busy);
    CHECK(found.message == "the receiver: busy");
}

TEST_CASE("what is not installed is told as that, by its name") {
    const auto [said, status, words] = GENERATE(table<std::string, int, std::string>({
        {"sudo: snapshot-receive: command not found\n", 1, "snapshot-receive is not installed"},
        {"sudo: /usr/local/sbin/snapshot-receive: command not found\n", 1,
         "snapshot-receive is not installed"},
        {"sudo: unable to execute /usr/local/sbin/snapshot-receive: Permission denied\n", 1,
         "snapshot-receive is not installed"},
        {"bash: line 1: sudo: command not found\n", 127, "sudo is not installed"},
        {"sh: 1: sudo: not found\n", 127, "sudo is not installed"},
        {"bash: /usr/local/sbin/snapshot-receive: No such file or directory\n", 127,
         "snapshot-receive is not installed"},
        {"/usr/local/sbin/snapshot-receive: line 18: btrfs: command not found\n", 127,
         "a program is missing at the receiver"},
        {"", 127, "snapshot-receive is not installed"},
        {"sh: 1: x: Permission denied", 126, "snapshot-receive is not installed"},
    }));
    CAPTURE(said, status);
    const auto found = refusal(said, status);
    CHECK(found.kind == Kind::not_installed);
    CHECK(found.code == ExitCode::receiving);
    CHECK(found.message.starts_with(words));
    CHECK_FALSE(found.hint.empty());
}

TEST_CASE("what sudo refuses is told as that, with what to allow") {
    // sudo 1.8 to 1.9.16 and sudo-rs, as Debian and Ubuntu have them.
    const auto* said = GENERATE(
        "sudo: a password is required\n",
        "Sorry, user backups is not allowed to execute '/usr/local/sbin/snapshot-receive x' as "
        "root on pi.\n",
        "Sorry, user backups may not run sudo on pi.\n",
        "backups is not in the sudoers file.\nThis incident has been reported to the "
        "administrator.\n",
        "We trust you have received the usual lecture\n\nsudo: a terminal is required to read the "
        "password; either use the -S option to read from standard input or configure an askpass "
        "helper\nsudo: a password is required\n",
        "sudo: no tty present and no askpass program specified\n",
        "sudo: ein Passwort ist notwendig\n", "sudo: interactive authentication is required\n",
        "sudo-rs: I'm sorry backups. I'm afraid I can't do that\n",
        "sudo: unable to resolve host pi: Name or service not known\nsudo: a password is "
        "required\n",
        "sudo: /etc/sudo.conf is owned by uid 1000, should be 0\n",
        "sudo: PAM account management error: Authentication service cannot retrieve "
        "authentication info\n");
    const auto found = refusal(said, 1);
    CHECK(found.code == ExitCode::authentication);
    CHECK(found.kind == Kind::refused);
    CHECK(found.message.starts_with("sudo refused at the receiver: "));
    CHECK(found.hint.find("visudo") != std::string::npos);
    CHECK(known_refusal({said, "", 1}).has_value());
}

TEST_CASE("sudo's troubles with an account or a terminal have hints of their own") {
    const auto [said, hint] = GENERATE(table<std::string, std::string>({
        {"sudo: sorry, you must have a tty to run sudo\n", "Defaults:backups !requiretty"},
        {"sudo: Account expired, contact your system administrator\n", "chage -E -1 backups"},
        {"sudo: Account or password is expired, reset your password and try again\n",
         "-M -1 backups"},
        {"sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.\n",
         "NoNewPrivileges"},
        {"sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set\n", "setuid root"},
    }));
    CAPTURE(said);
    CHECK(refusal(said, 1).code == ExitCode::authentication);
    CHECK(refusal(said, 1).hint.find(hint) != std::string::npos);
}

TEST_CASE("what sudo only remarks refuses nothing") {
    CHECK_FALSE(
        known_refusal({"", "sudo: unable to resolve host pi: Name or service not known\n", 1})
            .has_value());
    CHECK_FALSE(known_refusal({"", "sudo: setrlimit(RLIMIT_CORE): Operation not permitted\n", {}})
                    .has_value());
}

TEST_CASE("a refused login is told with its words and what mends it, whatever its exit status") {
    const auto [said, hint] = GENERATE(table<std::string, std::string>({
        {"This account is currently not available.\n", "usermod -s /bin/sh backups"},
        {"This account is not available\n", "usermod -s /bin/sh backups"},
        {"fatal: Interactive git shell is not enabled.\nhint: ~/git-shell-commands should exist\n",
         "usermod -s /bin/sh backups"},
        {"fatal: unrecognized command 'sudo -n snapshot-receive home'\n", "usermod"},
        {"This service allows sftp connections only.\n", "usermod"},
        {"Your account has expired; please contact your system administrator.\n",
         "chage -E -1 backups"},
        {"WARNING: Your password has expired.\nPassword change required but no TTY available.\n",
         "-M -1 backups"},
        {"You are required to change your password immediately (administrator enforced).\n"
         "Password change required but no TTY available.\n",
         "-M -1 backups"},
        {"Authentication token is no longer valid; new one required\n", "-M -1 backups"},
        {"System is going down. Unprivileged users are not permitted to log in anymore. For "
         "technical details, see pam_nologin(8).\n",
         "/run/nologin"},
        {"There were too many logins for 'backups'.\n", "maxlogins"},
        {"denied\n", "authorized_keys"},
        {"Access denied.\n", "authorized_keys"},
        {"Permission denied, please try again.\n", "authorized_keys"},
        {"command not allowed: sudo -n snapshot-receive home\n", "authorized_keys"},
        {"Unauthorized access is prohibited\n", "authorized_keys"},
    }));
    CAPTURE(said);
    for (const int status : {0, 1, 254, 255})
        for (const bool on_stdout : {false, true}) {
            const auto found = on_stdout ? known_refusal({said, "", status, "backups"})
                                         : known_refusal({"", said, status, "backups"});
            REQUIRE(found.has_value());
            CHECK(found->kind == Kind::refused);
            CHECK(found->code == ExitCode::authentication);
            CHECK(found->hint.find(hint) != std::string::npos);
        }
}

TEST_CASE("a vague word refuses nothing unless it is the last one") {
    CHECK_FALSE(known_refusal({"Access by strangers is denied.\nWelcome.\n", "", 1}).has_value());
}

TEST_CASE("what the other side said is shown without its escape sequences, and not at length") {
    for (const auto* start : {"snapshot-receive: ", "sudo: ", "denied "}) {
        const auto found = refusal(std::string(start) + "x\x1b[2Jy\x07", 1);
        CHECK(found.message.find("\\x1b[2Jy\\x07") != std::string::npos);
        CHECK(found.message.find('\x1b') == std::string::npos);
        CHECK(refusal(std::string(start) + std::string(100'000, 'x'), 1).message.size() < 500);
    }
}

TEST_CASE("a receiver that spoke the protocol and ended without a last word may come back") {
    const auto [status, code] = GENERATE(table<std::optional<int>, ExitCode>({
        {std::nullopt, ExitCode::connection},
        {0, ExitCode::connection},
        {143, ExitCode::connection},
        {10, ExitCode::connection},
        {18, ExitCode::protocol},
        {19, ExitCode::interrupted},
    }));
    const auto found = judge_session_end({"", "Killed\x1b[2J\n", status});
    CHECK(found.kind == Kind::lost);
    CHECK(found.code == code);
    CHECK(found.message.starts_with("the receiver ended without a last word ("));
    CHECK(found.message.ends_with(": Killed\\x1b[2J)"));
    CHECK((found.message.find("no exit status") != std::string::npos) == !status.has_value());
}

TEST_CASE("a receiver that crashes has failed, and the signal is named") {
    const auto found = judge_session_end({"", "sh: line 1: Killed\n", 137});
    CHECK(found.kind == Kind::crashed);
    CHECK(found.code == ExitCode::connection);
    CHECK(found.message == "the receiver was ended by SIGKILL: sh: line 1: Killed");
    CHECK(judge_session_end({"", "", 139}).message == "the receiver was ended by SIGSEGV");
}
