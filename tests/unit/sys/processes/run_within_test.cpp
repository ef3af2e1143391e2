#include "snapferry/sys/processes/run_within.h"

#include <signal.h>

#include <cerrno>
#include <thread>

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry::sys;
using namespace std::chrono_literals;
using snapferry::testing::content_of;
using snapferry::testing::TemporaryDirectory;

namespace {

constexpr auto long_enough = 120s;

TimedEnd run(const std::string& script, std::chrono::milliseconds patience = long_enough,
             std::size_t most_said = 100) {
    Command command;
    command.program = "/bin/sh";
    command.arguments = {"-c", script};
    return run_within(std::move(command), patience, most_said);
}

bool is_gone(pid_t pid) {
    for (int tries = 0; tries < 1000; ++tries) {
        if (::kill(pid, 0) != 0 && errno == ESRCH)
            return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

}  // namespace

TEST_CASE("a program that ends in time tells how, and what it said in between") {
    const auto end = run("echo out; echo error >&2; exit 3");
    REQUIRE(end.status);
    CHECK(end.status->text() == "exit status 3");
    CHECK(end.said == "out\nerror\n");
    CHECK(run("exit 0").said.empty());
}

TEST_CASE("of much that is said the end is kept") {
    const auto end = run("seq 100000", long_enough, 13);
    REQUIRE(end.status);
    CHECK(end.status->is_success());
    CHECK(end.said == "99999\n100000\n");
}

TEST_CASE("a program that takes too long is killed with what it has started") {
    const TemporaryDirectory directory;
    const auto note = directory / "pid";
    const auto end = run("sleep 1000 & echo $! >" + note.native() + "; echo waiting; wait", 5s);
    CHECK_FALSE(end.status);
    CHECK(end.said == "waiting\n");
    CHECK(is_gone(std::stoi(content_of(note))));
}

TEST_CASE("a program that talks without end is killed when its time is over") {
    const auto end = run("exec yes", 5s, 8);
    CHECK_FALSE(end.status);
    CHECK(end.said.size() == 8);
}

TEST_CASE("a program that closes its output and goes on is waited for") {
    const auto end = run("exec >&- 2>&-; sleep 0.1; exit 5");
    REQUIRE(end.status);
    CHECK(end.status->status == 5);
}

TEST_CASE("nobody waits for what a program leaves behind") {
    const TemporaryDirectory directory;
    const auto note = directory / "pid";
    const auto begin = std::chrono::steady_clock::now();
    const auto end = run("sleep 1000 & echo $! >" + note.native() + "; echo done");
    CHECK(std::chrono::steady_clock::now() - begin < long_enough);
    REQUIRE(end.status);
    CHECK(end.said == "done\n");
    const auto left = std::stoi(content_of(note));
    CHECK(::kill(left, SIGKILL) == 0);  // it was still there
}
