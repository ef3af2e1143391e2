#include "snapferry/send/manifest/digest_file.h"

#include "catch.h"
#include "failure_of.h"
#include "numbered_uuid.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::send;
using snapferry::testing::failure_of;

namespace {

manifest::DigestRecord record(std::uint64_t inode) {
    manifest::Digest digest{};
    digest.fill(static_cast<std::byte>(inode));
    return {{inode, 7, 100 + inode, {1'600'000'000, 5}}, digest};
}

/// One whose records are of these inodes.
void write(const std::filesystem::path& file, const std::vector<std::uint64_t>& inodes) {
    DigestFileWriter writer(file, {inodes.size(), {uuid(1), uuid(2)}});
    for (const auto inode : inodes)
        writer.add(record(inode));
    writer.finish();
}

}  // namespace

TEST_CASE("what was remembered of inodes is found by their numbers") {
    const testing::TemporaryDirectory directory;
    const auto file = directory / "x.digests";
    CHECK_FALSE(DigestFile::open(file));
    write(file, {256, 257, 300});
    auto read = DigestFile::open(file);
    REQUIRE(read);
    CHECK(read->lineage() == std::vector{uuid(1), uuid(2)});
    REQUIRE(read->count() == 3);
    CHECK(read->find(257) == 1);
    CHECK((read->record(1) == record(257)));
    CHECK((read->record(2) == record(300)));
    for (const std::uint64_t other : {0U, 255U, 258U, 301U})
        CHECK_FALSE(read->find(other));
}

TEST_CASE("nothing can be remembered") {
    const testing::TemporaryDirectory directory;
    write(directory / "x.digests", {});
    CHECK(DigestFile::open(directory / "x.digests")->count() == 0);
}

TEST_CASE("many are remembered, in pieces") {
    const testing::TemporaryDirectory directory;
    std::vector<std::uint64_t> inodes(20'000);
    for (std::size_t index = 0; index < inodes.size(); ++index)
        inodes[index] = 3 * index + 1;
    write(directory / "x.digests", inodes);
    auto read = DigestFile::open(directory / "x.digests");
    CHECK(read->count() == inodes.size());
    for (const std::size_t index : {0U, 31U, 32U, 33U, 19'999U, 19'967U, 5U, 19'998U})
        CHECK((read->record(index) == record(3 * index + 1)));
}

TEST_CASE("a file that is damaged anywhere is not believed") {
    const testing::TemporaryDirectory directory;
    const auto file = directory / "x.digests";
    write(file, {256, 257});
    const auto good = testing::content_of(file);
    for (std::size_t at = 0; at < good.size(); at += 3) {
        auto damaged = good;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        (void)directory.file("x.digests", damaged);
        CAPTURE(at);
        CHECK(failure_of([&] { (void)DigestFile::open(file); }).code() == ExitCode::sending);
    }
    for (const auto size : {std::size_t{0}, std::size_t{100}, good.size() - 1}) {
        (void)directory.file("x.digests", good.substr(0, size));
        CHECK(failure_of([&] { (void)DigestFile::open(file); }).code() == ExitCode::sending);
    }
    (void)directory.file("x.digests", good + "x");
    CHECK(failure_of([&] { (void)DigestFile::open(file); }).code() == ExitCode::sending);
}

TEST_CASE("inodes out of their order are not believed") {
    const testing::TemporaryDirectory directory;
    write(directory / "x.digests", {257, 256});
    CHECK(failure_of([&] { (void)DigestFile::open(directory / "x.digests"); }).code() ==
          ExitCode::sending);
}

TEST_CASE("what is not written to its end leaves what was there, and nothing beside it") {
    const testing::TemporaryDirectory directory;
    const auto file = directory / "x.digests";
    write(file, {256});
    {
        DigestFileWriter writer(file, {2, {}});
        writer.add(record(1));
    }
    CHECK(DigestFile::open(file)->find(256) == 0);
    CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}
