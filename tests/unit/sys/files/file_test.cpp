#include "snapferry/sys/files/file.h"

#include <sys/stat.h>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using snapferry::testing::content_of;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;

namespace {

unsigned mode_of(const std::filesystem::path& file) {
    struct stat data {};
    REQUIRE(::stat(file.c_str(), &data) == 0);
    return data.st_mode & 07777;
}

std::size_t entries_in(const TemporaryDirectory& directory) {
    const std::filesystem::directory_iterator entries(directory.path());
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

TEST_CASE("a file is made, and replaced as a whole") {
    const TemporaryDirectory directory;
    const auto file = directory / "file";
    replace_file(file, "the first content");
    CHECK(content_of(file) == "the first content");
    CHECK(mode_of(file) == 0600);
    replace_file(file, "2");
    CHECK(content_of(file) == "2");
    replace_file(file, "");
    CHECK(content_of(file).empty());
    CHECK(entries_in(directory) == 1);
}

TEST_CASE("whoever has the old file open keeps the old content") {
    const TemporaryDirectory directory;
    const auto file = directory.file("file", "old");
    std::ifstream reader(file);
    replace_file(file, "new");
    std::string seen;
    reader >> seen;
    CHECK(seen == "old");
    CHECK(content_of(file) == "new");
}

TEST_CASE("what a killed run left beside a file is no hindrance") {
    const TemporaryDirectory directory;
    const auto file = directory / "file";
    (void)directory.file("file.new", "much longer than what is written now");
    replace_file(file, "short");
    CHECK(content_of(file) == "short");
    CHECK(entries_in(directory) == 1);
}

TEST_CASE("a replacement that fails leaves the old file, and nothing beside it") {
    const TemporaryDirectory directory;
    std::filesystem::create_directory(directory / "file");
    const auto failure = failure_of([&] { replace_file(directory / "file", "x"); });
    CHECK(failure.code() == ExitCode::configuration);
    CHECK(failure.what() == "cannot replace " + (directory / "file").native() + ": is a directory");
    CHECK(std::filesystem::is_directory(directory / "file"));
    CHECK(entries_in(directory) == 1);
    CHECK_THROWS_AS(replace_file(directory / "no" / "file", "x"), Failure);
}

TEST_CASE("a replacement does not write through a symlink that somebody left") {
    const TemporaryDirectory directory;
    const auto victim = directory.file("victim", "precious");
    std::filesystem::create_symlink(victim, directory / "file.new");
    try {
        replace_file(directory / "file", "x");
    } catch (const Failure&) {
    }
    CHECK(content_of(victim) == "precious");
}

TEST_CASE("a small file is read, and a missing one is nothing") {
    const TemporaryDirectory directory;
    const std::string binary("a\0b\xff\n", 5);
    CHECK(read_small_file(directory.file("file", binary), 5) == binary);
    CHECK(read_small_file(directory.file("empty", ""), 5) == "");
    CHECK_FALSE(read_small_file(directory / "none", 5));
    CHECK_FALSE(read_small_file(directory / "no" / "none", 5));
}

TEST_CASE("a file over the limit is an error, however much it is over") {
    const TemporaryDirectory directory;
    for (const std::size_t size : {6U, 7U, 100'000U}) {
        const auto file = directory.file("file", std::string(size, 'x'));
        const auto failure = failure_of([&] { (void)read_small_file(file, 5); });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(failure.what() == file.native() + " is larger than 5 bytes");
    }
    CHECK_THROWS_AS(read_small_file(directory.path(), 5), Failure);
}

TEST_CASE("a file is deleted, and a missing one is no error") {
    const TemporaryDirectory directory;
    const auto file = directory.file("file", "x");
    delete_file(file);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK_NOTHROW(delete_file(file));
    CHECK_NOTHROW(delete_file(directory / "no" / "file"));
    std::filesystem::create_directory(file);
    CHECK_THROWS_AS(delete_file(file), Failure);
}
