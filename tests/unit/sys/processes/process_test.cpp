#include "snapferry/sys/processes/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/sys/files/pipe.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using namespace std::chrono_literals;
using snapferry::testing::failure_of;

namespace {

Command shell(const std::string& script) {
    Command command;
    command.program = "/bin/sh";
    command.arguments = {"-c", script};
    return command;
}

struct Ending {
    ExitStatus status;
    std::string said;
};

/// Runs it to its end, and takes what it says on stdout.
Ending run(Command command) {
    auto pipe = Pipe::make();
    command.standard_output = std::move(pipe.write_end);
    auto process = Process::start(std::move(command));
    Ending ending;
    for (char piece[4096];;) {
        const auto count = ::read(pipe.read_end.get(), piece, sizeof piece);
        if (count <= 0)
            break;
        ending.said.append(piece, static_cast<std::size_t>(count));
    }
    ending.status = process.wait();
    return ending;
}

bool is_gone(pid_t pid) {
    return ::kill(pid, 0) != 0 && errno == ESRCH;
}

/// The first line of a file, once somebody has written one.
std::string awaited_line(const std::filesystem::path& file) {
    for (int tries = 0; tries < 1000; ++tries) {
        std::ifstream stream(file);
        std::string line;
        if (std::getline(stream, line) && !stream.eof())
            return line;
        std::this_thread::sleep_for(10ms);
    }
    FAIL("nobody wrote to " << file);
    return {};
}

}  // namespace

TEST_CASE("a program's exit status is told") {
    for (const int status : {0, 1, 3, 127, 255}) {
        const auto ended = run(shell("exit " + std::to_string(status))).status;
        CHECK(ended.status == status);
        CHECK_FALSE(ended.signalled);
        CHECK(ended.is_success() == (status == 0));
        CHECK(ended.text() == "exit status " + std::to_string(status));
    }
}

TEST_CASE("the signal that ended a program is told") {
    const auto ended = run(shell("kill -9 $$")).status;
    CHECK(ended.signalled);
    CHECK(ended.status == SIGKILL);
    CHECK_FALSE(ended.is_success());
    CHECK(ended.text() == "signal 9");
}

TEST_CASE("a program that cannot be executed ends with 126") {
    Command command;
    command.program = "/nonexistent/program";
    auto errors = Pipe::make();
    command.standard_error = std::move(errors.write_end);
    CHECK(run(std::move(command)).status.status == 126);
    std::string said(200, '\0');
    CHECK(::read(errors.read_end.get(), said.data(), said.size()) > 0);
    CHECK(said.starts_with("ERROR: cannot execute the program"));
}

TEST_CASE("what is to be done before the program is done, and where it fails there is no program") {
    auto moved = shell("pwd");
    moved.prepare = [] { return ::chdir("/") == 0 ? 0 : errno; };
    CHECK(run(std::move(moved)).said == "/\n");

    auto refused = shell("echo it ran");
    refused.prepare = [] { return EPERM; };
    const auto ending = run(std::move(refused));
    CHECK(ending.status.status == 125);
    CHECK(ending.said.empty());
}

TEST_CASE("a program's environment is PATH, LANG and nothing else") {
    ::setenv("SNAPFERRY_SECRET", "x", 1);
    Command command;
    command.program = find_program("env");
    CHECK(run(std::move(command)).said ==
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C\n");
    ::unsetenv("SNAPFERRY_SECRET");
}

TEST_CASE("a program's environment can have more, and what is given last counts") {
    Command command;
    command.program = find_program("env");
    command.environment = {"WHAT=two words", "EMPTY=", "LANG=C.UTF-8"};
    const auto said = run(std::move(command)).said;
    CHECK(said.find("\nWHAT=two words\nEMPTY=\n") != std::string::npos);
    CHECK(run([&] {
              auto printing = shell("echo $LANG");
              printing.environment = {"LANG=C.UTF-8"};
              return printing;
          }())
              .said == "C.UTF-8\n");
}

TEST_CASE("a program that was let go is neither waited for nor killed") {
    const snapferry::testing::TemporaryDirectory directory;
    const auto note = directory / "pid";
    {
        auto process = Process::start(shell("echo $$ >" + note.native() + "; exec sleep 60"));
        (void)awaited_line(note);
        process.let_go();
    }
    const auto pid = static_cast<pid_t>(std::stol(awaited_line(note)));
    CHECK_FALSE(is_gone(pid));
    CHECK(::waitpid(pid, nullptr, WNOHANG) == 0);  // it is still at work
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

TEST_CASE("a program with a process group of its own is killed with all that are in it") {
    const snapferry::testing::TemporaryDirectory directory;
    const auto note = directory / "pid";
    pid_t left = 0;
    {
        auto command = shell("sleep 60 & echo $! >" + note.native() + "; wait");
        command.in_own_group = true;
        const auto process = Process::start(std::move(command));
        left = std::stoi(awaited_line(note));
        CHECK(::getpgid(left) != ::getpgid(0));
    }
    for (int tries = 0; !is_gone(left) && tries < 1000; ++tries)
        std::this_thread::sleep_for(10ms);
    CHECK(is_gone(left));
}

TEST_CASE("arguments arrive as they are") {
    Command command;
    command.program = find_program("printf");
    command.arguments = {"%s|", "a b", "", "$HOME", "*", "-x\n"};
    CHECK(run(std::move(command)).said == "a b||$HOME|*|-x\n|");
}

TEST_CASE("a program has an empty input unless it is given one") {
    CHECK(run(shell("wc -c")).said == "0\n");
    auto pipe = Pipe::make();
    REQUIRE(::write(pipe.write_end.get(), "four", 4) == 4);
    pipe.write_end.close();
    auto command = shell("cat");
    command.standard_input = std::move(pipe.read_end);
    CHECK(run(std::move(command)).said == "four");
}

TEST_CASE("a program has no descriptors of its parent but those that it is to have") {
    constexpr int above_the_shells_own = 100;
    const UniqueFd closed(::fcntl(1, F_DUPFD_CLOEXEC, above_the_shells_own));
    const UniqueFd wanted(::fcntl(1, F_DUPFD_CLOEXEC, above_the_shells_own));
    const UniqueFd leaky(::fcntl(1, F_DUPFD, above_the_shells_own));  // by a careless library
    auto command = shell("for fd in /proc/self/fd/*; do echo ${fd##*/}; done");
    command.inherited = {wanted.get()};
    const auto said = run(std::move(command)).said;
    CAPTURE(said);
    const auto has = [&](int fd) {
        return ("\n" + said).find("\n" + std::to_string(fd) + "\n") != std::string::npos;
    };
    for (const int fd : {0, 1, 2, wanted.get()})
        CHECK(has(fd));
    CHECK_FALSE(has(closed.get()));
    CHECK_FALSE(has(leaky.get()));
}

TEST_CASE("a program starts with no signal ignored or blocked, whatever its parent does") {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto* const pipe_before = ::signal(SIGPIPE, SIG_IGN);
    auto* const hangup_before = ::signal(SIGHUP, SIG_IGN);
    Command command;
    command.program = find_program("grep");
    command.arguments = {"-E", "^Sig(Blk|Ign):", "/proc/self/status"};
    const auto said = run(std::move(command)).said;
    ::signal(SIGHUP, hangup_before);
    ::signal(SIGPIPE, pipe_before);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    CHECK(said == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("waiting for a program has an end") {
    auto process = Process::start(shell("exec sleep 60"));
    CHECK_FALSE(process.wait_for(20ms));
    process.kill();
    const auto status = process.wait_for(10s);
    REQUIRE(status);
    CHECK(status->text() == "signal 9");
    process.kill();  // it is gone: nothing is killed in its place
}

TEST_CASE("a program that nobody waits for is killed") {
    const snapferry::testing::TemporaryDirectory directory;
    const auto note = directory / "pid";
    pid_t pid = 0;
    {
        const auto process = Process::start(shell("echo $$ >" + note.native() + "; exec sleep 60"));
        pid = std::stoi(awaited_line(note));
        CHECK_FALSE(is_gone(pid));
    }
    CHECK(is_gone(pid));
}

TEST_CASE("a program with a group of its own is killed with all that it started") {
    const snapferry::testing::TemporaryDirectory directory;
    const auto note = directory / "pid";
    auto pipe = Pipe::make();
    auto command = shell("sleep 60 & echo $! >" + note.native() + "; wait");
    command.in_own_group = true;
    command.standard_output = std::move(pipe.write_end);
    {
        const auto process = Process::start(std::move(command));
        (void)awaited_line(note);
    }
    char byte = 0;  // the last that had the pipe is gone
    CHECK(::read(pipe.read_end.get(), &byte, 1) == 0);
}

TEST_CASE("a program that takes the place of another leaves that one killed, and itself alive") {
    const snapferry::testing::TemporaryDirectory directory;
    const auto start = [&](const std::string& name) {
        auto process =
            Process::start(shell("echo $$ >" + (directory / name).native() + "; exec sleep 60"));
        return std::pair{std::move(process), std::stoi(awaited_line(directory / name))};
    };
    auto [first, first_pid] = start("first");
    {
        auto [second, second_pid] = start("second");
        first = std::move(second);
        first_pid = std::exchange(second_pid, first_pid);
    }
    CHECK_FALSE(is_gone(first_pid));
    CHECK_FALSE(first.wait_for(50ms));
    first.kill();
    CHECK(first.wait().text() == "signal 9");
}

TEST_CASE("a program is found where programs are, and one that is not there is an error") {
    CHECK(find_program("sh").is_absolute());
    const auto failure = failure_of([] { (void)find_program("no-such-program"); });
    CHECK(failure.code() == ExitCode::configuration);
    CHECK(std::string(failure.what()) == "the program no-such-program is not installed");
}
