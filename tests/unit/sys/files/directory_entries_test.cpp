#include "snapferry/sys/files/directory_entries.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/core/failure.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::testing;
using sys::EntryKind;

TEST_CASE("whatever lies in a directory can be looked at, and no symlink is followed") {
    const TemporaryDirectory place;
    std::filesystem::create_directory(place.path() / "directory");
    std::ofstream(place.path() / "file") << "x";
    std::filesystem::create_symlink("loop", place.path() / "loop");
    std::filesystem::create_symlink("directory", place.path() / "symlink");
    std::filesystem::create_symlink("nowhere", place.path() / "dangling");
    REQUIRE(::mkfifo((place.path() / "fifo").c_str(), 0600) == 0);

    const auto entries = sys::entries_of(place.path(), ExitCode::receiving);
    CHECK(entries.size() == 6);
    const std::vector<std::pair<std::string, EntryKind>> wanted{
        {"directory", EntryKind::directory}, {"file", EntryKind::file},
        {"loop", EntryKind::symlink},        {"symlink", EntryKind::symlink},
        {"dangling", EntryKind::symlink},    {"fifo", EntryKind::other}};
    for (const auto& one : wanted) {
        CHECK(sys::kind_of(place.path() / one.first) == one.second);
        CHECK(std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry.name == one.first && entry.kind == one.second &&
                   entry.path == place.path() / one.first;
        }));
    }
}

TEST_CASE("a directory that is missing is empty, and one that is none is an error with a code") {
    const TemporaryDirectory place;
    CHECK(sys::entries_of(place.path() / "missing", ExitCode::receiving).empty());
    CHECK(!sys::kind_of(place.path() / "missing"));
    CHECK(!sys::kind_of(place.path() / "missing" / "below"));
    std::ofstream(place.path() / "file") << "x";
    std::filesystem::create_symlink("loop", place.path() / "loop");
    for (const auto* const name : {"file", "loop"}) {
        const auto failure =
            failure_of([&] { (void)sys::entries_of(place.path() / name, ExitCode::receiving); });
        CHECK(failure.code() == ExitCode::receiving);
    }
    CHECK(sys::kind_of(place.path() / "loop" / "below") == EntryKind::unknown);
}

TEST_CASE("deleting a tree deletes symlinks and not what they lead to") {
    const TemporaryDirectory place;
    std::filesystem::create_directory(place.path() / "kept");
    std::filesystem::create_directory(place.path() / "tree");
    std::filesystem::create_symlink("../kept", place.path() / "tree" / "symlink");
    std::filesystem::create_symlink("loop", place.path() / "tree" / "loop");
    sys::delete_tree(place.path() / "tree", ExitCode::receiving);
    CHECK(!sys::kind_of(place.path() / "tree"));
    CHECK(sys::kind_of(place.path() / "kept") == EntryKind::directory);
    sys::delete_tree(place.path() / "missing", ExitCode::receiving);
}
