#include "snapferry/sys/progress_file.h"

#include <vector>

#include "catch.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"
#include "snapferry/sys/processes/process_mark.h"
#include "temporary_directory.h"

using namespace snapferry;
using snapferry::testing::TemporaryDirectory;
using namespace std::chrono_literals;

TEST_CASE("what a run tells of itself counts while it holds its lock, and no longer") {
    const TemporaryDirectory directory;
    const auto note = directory.path() / "home.progress";
    const auto lock = directory.path() / "home.lock";
    const UnderWay at{UnderWay::Phase::sending, "a-@daily", 1, 2, 3};
    CHECK_FALSE(sys::progress_in(note, lock));
    {
        const auto held = sys::FileLock::acquire(lock, 0ms);
        REQUIRE(held);
        CHECK(sys::progress_in(note, lock) == UnderWay{});  // it runs, and has told nothing yet
        const sys::ProgressFile file(note);
        file.write(at);
        CHECK(sys::progress_in(note, lock) == at);
        CHECK_FALSE(sys::FileLock::acquire(lock, 0ms));  // the look took it from nobody
    }
    CHECK_FALSE(std::filesystem::exists(note));
    CHECK_FALSE(sys::progress_in(note, lock));
    CHECK(sys::FileLock::acquire(lock, 0ms));
}

TEST_CASE("what a killed run has left is believed of no other") {
    const TemporaryDirectory directory;
    const auto note = directory.path() / "home.progress";
    const auto lock = directory.path() / "home.lock";
    const UnderWay at{UnderWay::Phase::sending, "a-@daily", 1, 2, 3};
    auto killed = sys::own_mark();
    CHECK(sys::is_alive(killed));
    const std::vector<char> more(std::size_t{64} << 20);  // nothing that a process has more of
    CHECK(sys::own_mark() == killed);
    CHECK(more.size() > killed.started % 2);
    killed.started += 1;  // another process had this number
    CHECK_FALSE(sys::is_alive(killed));
    CHECK_FALSE(sys::is_alive({}));
    sys::replace_file(note, note_text({killed, at}));
    CHECK_FALSE(sys::progress_in(note, lock));
    const auto held = sys::FileLock::acquire(lock, 0ms);
    CHECK(sys::progress_in(note, lock) == UnderWay{});
    sys::replace_file(note, "rubbish");
    CHECK(sys::progress_in(note, lock) == UnderWay{});
}
