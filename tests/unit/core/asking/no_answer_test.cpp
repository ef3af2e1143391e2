#include "snapferry/core/asking/no_answer.h"

#include "catch.h"

using namespace snapferry;
using asking::why_no_answer;

TEST_CASE("why nobody answers is told by what is known to be said") {
    const auto [status, err, code,
                word] = GENERATE(table<std::optional<int>, std::string, ExitCode, std::string>({
        {255, "Host key verification failed.\r\n", ExitCode::host_key, "pi.lan"},
        {255, "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
         ExitCode::host_key, "not the one that is known"},
        {255, "pi@pi.lan: Permission denied (publickey,password).\r\n", ExitCode::authentication,
         "publickey"},
        {255, "ssh: Could not resolve hostname pi.lan: Name or service not known",
         ExitCode::connection, "resolve"},
        {255, "", ExitCode::connection, "cannot log in"},
        {std::nullopt, "", ExitCode::connection, "cannot log in"},
        {1, "sudo: snapferry: command not found", ExitCode::configuration, "no snapferry"},
        {1, "snapferry: there is no command \"answer\"; snapferry --help shows the commands",
         ExitCode::configuration, "too old"},
        {1, "sudo: 3 incorrect password attempts", ExitCode::authentication, "password"},
        {1, "pi is not in the sudoers file.", ExitCode::authentication, "sudo"},
        {1, "Sorry, user pi is not allowed to execute '/usr/local/sbin/snapferry answer' as root",
         ExitCode::authentication, "sudo"},
        {127, "sh: 1: sudo: not found", ExitCode::configuration, "no sudo"},
        {1, "This account is currently not available.", ExitCode::authentication, "nothing"},
        {0, "", ExitCode::protocol, "nobody answers"},
        {3, "what\x1b[31m", ExitCode::protocol, "\\x1b"},
    }));
    CAPTURE(err);
    const auto failure = why_no_answer({"pi.lan", err, status});
    CHECK(failure.code() == code);
    CHECK(failure_text(failure).find(word) != std::string::npos);
    CHECK_FALSE(failure.hint().empty());
}
