#include "snapferry/sys/files/file_lock.h"

#include <sys/stat.h>

#include <thread>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/sys/processes/process.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using namespace std::chrono_literals;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("only one at a time has a lock, until it goes") {
    const TemporaryDirectory directory;
    {
        const auto first = FileLock::acquire(directory / "lock", 0ms);
        REQUIRE(first);
        CHECK_FALSE(FileLock::acquire(directory / "lock", 0ms));
        CHECK(FileLock::acquire(directory / "another", 0ms));
    }
    CHECK(FileLock::acquire(directory / "lock", 0ms));
}

TEST_CASE("the lock's file is made for its owner alone, and stays") {
    const TemporaryDirectory directory;
    { const auto lock = FileLock::acquire(directory / "lock", 0ms); }
    struct stat data {};
    REQUIRE(::stat((directory / "lock").c_str(), &data) == 0);
    CHECK((data.st_mode & 07777) == 0600);
}

TEST_CASE("whoever has patience gets a lock that is given up meanwhile") {
    const TemporaryDirectory directory;
    auto first = FileLock::acquire(directory / "lock", 0ms);
    std::jthread other([&] {
        std::this_thread::sleep_for(100ms);
        first.reset();
    });
    CHECK(FileLock::acquire(directory / "lock", 10s));
}

TEST_CASE("a lock is held until the last process that inherited it is gone") {
    const TemporaryDirectory directory;
    Command command;
    command.program = find_program("sleep");
    command.arguments = {"60"};
    std::optional<Process> heir;
    {
        const auto lock = FileLock::acquire(directory / "lock", 0ms);
        command.inherited = {lock->descriptor()};
        heir = Process::start(std::move(command));
    }
    CHECK_FALSE(FileLock::acquire(directory / "lock", 100ms));
    heir->kill();
    (void)heir->wait();
    CHECK(FileLock::acquire(directory / "lock", 0ms));
}

TEST_CASE("a program that did not inherit a lock does not hold it") {
    const TemporaryDirectory directory;
    Command command;
    command.program = find_program("sleep");
    command.arguments = {"60"};
    std::optional<Process> other;
    {
        const auto lock = FileLock::acquire(directory / "lock", 0ms);
        other = Process::start(std::move(command));
    }
    // Until it has become another program it still has what its parent had.
    CHECK(FileLock::acquire(directory / "lock", 10s));
}

TEST_CASE("a lock that cannot be opened is an error that names it, not a lock that is held") {
    const TemporaryDirectory directory;
    std::filesystem::create_symlink(directory.file("victim", ""), directory / "link");
    for (const auto& file : {directory / "no" / "lock", directory.path(), directory / "link"}) {
        const auto failure = failure_of([&] { (void)FileLock::acquire(file, 0ms); });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(std::string(failure.what()).find(file.native()) != std::string::npos);
    }
}
