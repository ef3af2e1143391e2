#include "snapferry/send/rotation/held.h"

#include <filesystem>
#include <fstream>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::send;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("where no job has noted anything, nothing is held") {
    const TemporaryDirectory directory;
    CHECK(held_snapshots(directory.path(), "daily").empty());
    std::filesystem::create_directories(directory / ".snapferry" / "a-pin.memory.json");
    CHECK(held_snapshots(directory.path(), "daily").empty());
}

TEST_CASE("what a classic script has noted is held") {
    const TemporaryDirectory directory;
    (void)directory.file("last_sent_@daily.txt", "2026-11-25-@daily\n");
    const auto held = held_snapshots(directory.path(), "daily");
    REQUIRE(held.size() == 1);
    CHECK(held.front().name == "2026-11-25-@daily");
    CHECK(held_snapshots(directory.path(), "weekly").empty());
}

TEST_CASE("a note that cannot be read is no note that holds nothing") {
    const TemporaryDirectory directory;
    const auto home = directory / ".snapferry";
    std::filesystem::create_directory(home);
    const auto note = home / "home.0123.memory.json";
    SECTION("it is no note any more") {
        std::ofstream(note) << "no note";
    }
    SECTION("it lies elsewhere") {
        std::filesystem::create_symlink(directory.file("elsewhere", "no note"), note);
    }
    SECTION("it cannot be opened") {
        std::filesystem::create_symlink(note.filename(), note);  // to itself: ELOOP
    }
    const auto failure = failure_of([&] { (void)held_snapshots(directory.path(), "daily"); });
    CHECK(failure.code() == ExitCode::configuration);
}
