#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <vector>

#include "catch.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/machine/local_time.h"
#include "snapferry/sys/tree/found.h"
#include "snapferry/sys/tree/writing/file_copy.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;
using testing::TemporaryDirectory;

// What a machine of 32 bits would get wrong with its own types.

namespace {

constexpr std::int64_t beyond_2038 = 4'102'531'200;  // 2100-01-02T00:00:00Z

}  // namespace

TEST_CASE("a file's time after 2038 is what it was set to") {
    const TemporaryDirectory directory;
    const auto file = directory.file("file", "contents");
    const timespec times[2]{{beyond_2038, 1}, {beyond_2038, 2}};
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
    const auto found = found_at(AT_FDCWD, file, "file");
    REQUIRE(found);
    CHECK(found->entry.modified.seconds == beyond_2038);
    CHECK(found->entry.modified.nanoseconds == 2);
}

TEST_CASE("a time after 2038 is shown as it is") {
    const auto shown = local_time_iso(WallTime(std::chrono::seconds(beyond_2038)));
    CHECK(shown.substr(0, 8) == "2100-01-");
}

TEST_CASE("a file of more than 4 GiB is copied, its end too") {
    constexpr std::uint64_t size = (std::uint64_t{5} << 30) + 3;  // bytes; all but the end a hole
    const TemporaryDirectory directory;
    const auto source = directory.file("source", "");
    const auto target = directory.file("target", "");
    const UniqueFd from(::open(source.c_str(), O_RDWR | O_CLOEXEC));
    const UniqueFd to(::open(target.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(from);
    REQUIRE(to);
    REQUIRE(::pwrite(from.get(), "end", 3, static_cast<off_t>(size - 3)) == 3);

    std::uint64_t copied = 0;
    copy_contents(from.get(), "source", size, to.get(), "target",
                  [&](std::uint64_t bytes) { copied += bytes; });

    CHECK(copied == size);
    const auto found = found_at(AT_FDCWD, target, "target");
    REQUIRE(found);
    CHECK(found->entry.size == size);
    std::vector<char> end(3);
    REQUIRE(::pread(to.get(), end.data(), end.size(), static_cast<off_t>(size - 3)) == 3);
    CHECK(std::string(end.begin(), end.end()) == "end");
}
