#include "catch.h"
#include "failure_of.h"
#include "snapferry/send/receiver_link.h"

using namespace snapferry;
using send::ClassicReceiver;
using send::explain_remote_end;
using send::explain_session_end;
using snapferry::testing::failure_of;

namespace {

bool is_classic(const std::string& said, std::optional<int> status) {
    try {
        explain_remote_end(said, status);
    } catch (const ClassicReceiver&) {
        return true;
    } catch (const Failure&) {
        return false;
    }
}

}  // namespace

TEST_CASE("what our receiver says of its end is told with its own exit code") {
    for (const auto& entry : exit_code_meanings) {
        if (entry.code == ExitCode::done)
            continue;
        const auto failure = failure_of([&] {
            explain_remote_end("snapshot-receive: it went wrong\n", static_cast<int>(entry.code));
        });
        CHECK(failure.code() == entry.code);
        CHECK(std::string(failure.what()) == "the receiver: it went wrong");
    }
}

TEST_CASE("the last line is the cause, whatever a login shell said before it") {
    const auto failure = failure_of([] {
        explain_remote_end("Welcome to the Pi!\nbash: warning: x\n\nsnapshot-receive: busy \r\n\n",
                           15);
    });
    CHECK(failure.code() == ExitCode::busy);
    CHECK(std::string(failure.what()) == "the receiver: busy");
}

TEST_CASE("a receiver that is not installed is told as that") {
    const auto [said, status] = GENERATE(table<std::string, int>({
        {"sudo: snapshot-receive: command not found\n", 1},
        {"bash: line 1: sudo: command not found\n", 127},
        {"", 127},
        {"sh: 1: x: Permission denied", 126},
    }));
    CAPTURE(said, status);
    const auto failure =
        failure_of([said = said, status = status] { explain_remote_end(said, status); });
    CHECK(failure.code() == ExitCode::receiving);
    CHECK(std::string(failure.what()).starts_with("snapshot-receive is not installed"));
    CHECK_FALSE(failure.hint().empty());
    CHECK_FALSE(is_classic(said, status));
}

TEST_CASE("what sudo refuses is told as that, with what to allow") {
    for (const auto* said :
         {"sudo: a password is required\n",
          "Sorry, user backups is not allowed to execute '/usr/local/sbin/snapshot-receive x' as "
          "root on pi.\n",
          "We trust you have received the usual lecture\n\nsudo: a terminal is required\n"}) {
        const auto failure = failure_of([&] { explain_remote_end(said, 1); });
        CHECK(failure.code() == ExitCode::authentication);
        CHECK(std::string(failure.what()).starts_with("sudo refused at the receiver: "));
        CHECK(failure.hint().find("visudo") != std::string::npos);
    }
}

TEST_CASE("a receiver that ended without a status was killed, or the connection broke") {
    const auto broken = failure_of([] { explain_remote_end("", std::nullopt); });
    CHECK(broken.code() == ExitCode::connection);
    CHECK(std::string(broken.what()) == "the connection to the receiver broke");
    const auto killed =
        failure_of([] { explain_remote_end("snapshot-receive: x\nKilled\n", std::nullopt); });
    CHECK(killed.code() == ExitCode::connection);
    CHECK(std::string(killed.what()) == "the receiver was ended: Killed");
}

TEST_CASE("a receiver that ended in any other way is a classic one") {
    const auto [said, status] = GENERATE(table<std::string, int>({
        {"", 0},
        {"", 1},
        {"ERROR: unexpected header\n", 1},
        {"btrfs receive: something\n", 14},
        {"snapshot-receive: a script's own\n", 42},
    }));
    CAPTURE(said, status);
    CHECK(is_classic(said, status));
    const auto failure =
        failure_of([said = said, status = status] { explain_remote_end(said, status); });
    CHECK(failure.code() == ExitCode::receiving);
}

TEST_CASE("what the other side said is shown without its escape sequences") {
    for (const std::optional<int> status : {std::optional(1), std::optional(15), {}})
        for (const auto* start : {"", "snapshot-receive: ", "sudo: "}) {
            const auto failure = failure_of(
                [&] { explain_remote_end(std::string(start) + "x\x1b[2Jy\x07", status); });
            const std::string what = failure.what();
            CAPTURE(what);
            CHECK(what.find("\\x1b[2Jy\\x07") != std::string::npos);
            CHECK(what.find('\x1b') == std::string::npos);
        }
}

TEST_CASE(
    "a receiver that spoke the protocol and ended without a last word is never a classic one") {
    const auto [status, code] = GENERATE(table<std::optional<int>, ExitCode>({
        {std::nullopt, ExitCode::connection},
        {0, ExitCode::connection},
        {137, ExitCode::connection},
        {10, ExitCode::connection},
        {18, ExitCode::protocol},
        {19, ExitCode::interrupted},
    }));
    try {
        explain_session_end("Killed\x1b[2J\n", status);
    } catch (const ClassicReceiver&) {
        FAIL("taken for a classic one");
    } catch (const Failure& failure) {
        CHECK(failure.code() == code);
        const std::string what = failure.what();
        CHECK(what.starts_with("the receiver ended without a last word ("));
        CHECK(what.ends_with(": Killed\\x1b[2J)"));
        CHECK((what.find("no exit status") != std::string::npos) == !status.has_value());
    }
}
