#include "snapferry/sys/tree/writing/tree_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/tree/tree_items.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using restore::Action;
using testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

void fill(const TemporaryDirectory& source) {
    fs::create_directories(source / "a/deep");
    (void)source.file("a/file", "contents");
    (void)source.file("a/deep/file", "deeper");
    (void)source.file("empty", "");
    fs::create_symlink("/etc/passwd", source / "link");
    fs::create_hard_link(source / "a/file", source / "z-again");
    REQUIRE(::mkfifo((source / "fifo").c_str(), 0640) == 0);
    REQUIRE(::truncate((source / "empty").c_str(), 10'000'000) == 0);  // a hole
    REQUIRE(::chmod((source / "a/file").c_str(), 0604) == 0);
    REQUIRE(::chmod((source / "a/deep").c_str(), 0550) == 0);
    struct timespec times[2]{{1, 2}, {-3, 123456789}};
    REQUIRE(::utimensat(AT_FDCWD, (source / "a").c_str(), times, 0) == 0);
    REQUIRE(::utimensat(AT_FDCWD, (source / "link").c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

Action action_for(const Destination& destination, const Item& item) {
    const auto found = destination.look_at(item.entry.path);
    return decide(restore::Overwrite::never, item.entry,
                  found ? std::optional(restore::There{found->entry}) : std::nullopt)
        .action;
}

/// What could not be written, by path.
std::vector<std::string> copy(const TemporaryDirectory& source, const fs::path& to,
                              std::size_t most = 1000) {
    std::vector<std::string> failed;
    const Destination destination(to, Destination::Use::write);
    TreeWriter writer(destination,
                      [&](const std::string& path, const Failure&) { failed.push_back(path); });
    TreeItems items(source.path(), {});
    for (auto next = items.next(); next; next = items.next()) {
        if (most-- == 0)
            return failed;
        try {
            writer.write(next->item, action_for(destination, next->item));
        } catch (const Failure& failure) {
            CHECK(failure.code() == ExitCode::incomplete);
            failed.push_back(next->item.entry.path);
        }
    }
    writer.finish();
    return failed;
}

std::vector<manifest::Entry> entries(const fs::path& top) {
    std::vector<manifest::Entry> found;
    TreeItems items(top, {});
    while (const auto next = items.next())
        if (!next->item.entry.path.empty())
            found.push_back(next->item.entry);
    return found;
}

}  // namespace

TEST_CASE("a copied tree has all that the first has") {
    const TemporaryDirectory source;
    const TemporaryDirectory there;
    fill(source);
    CHECK(copy(source, there / "new").empty());
    CHECK(entries(there / "new") == entries(source.path()));
    CHECK(testing::content_of(there / "new/a/deep/file") == "deeper");
    struct stat data {};
    REQUIRE(::stat((there / "new/empty").c_str(), &data) == 0);
    CHECK(data.st_blocks == 0);
    ::chmod((source / "a/deep").c_str(), 0750);
    ::chmod((there / "new/a/deep").c_str(), 0750);
}

TEST_CASE("a copy that stops anywhere leaves nothing half, and the next one goes on") {
    const TemporaryDirectory source;
    fill(source);
    ::chmod((source / "a/deep").c_str(), 0750);
    for (std::size_t most = 1; most < 9; ++most) {
        const TemporaryDirectory there;
        (void)copy(source, there / "new", most);
        for (const auto& entry : entries(there / "new"))
            CHECK((entry.kind == manifest::Kind::directory || entry.modified.seconds != 0));
        (void)::close(::creat((there / "new/.snapferry-restore-0123-1").c_str(), 0600));
        CHECK(copy(source, there / "new").empty());
        CHECK_FALSE(fs::exists(there / "new/.snapferry-restore-0123-1"));
        CHECK(testing::content_of(there / "new/z-again") == "contents");
    }
}

TEST_CASE("nothing is written through a symlink that is in the way") {
    const TemporaryDirectory source;
    const TemporaryDirectory there;
    const TemporaryDirectory elsewhere;
    fill(source);
    fs::create_directory(there / "new");
    fs::create_directory_symlink(elsewhere.path(), there / "new/a");
    fs::create_symlink(elsewhere / "target", there / "new/empty");
    const auto failed = copy(source, there / "new");
    CHECK(fs::is_empty(elsewhere.path()));
    CHECK(failed == std::vector<std::string>{"a/deep", "a/deep/file", "a/file"});
    ::chmod((source / "a/deep").c_str(), 0750);
}

TEST_CASE("two copies into one directory are not made at once") {
    const TemporaryDirectory there;
    const Destination first(there.path(), Destination::Use::write);
    const Destination looking(there.path(), Destination::Use::look);
    try {
        const Destination second(there.path(), Destination::Use::write);
        FAIL("it was made");
    } catch (const Failure& failure) {
        CHECK(failure.code() == ExitCode::busy);
    }
}
