#include "snapferry/sys/files/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "catch.h"
#include "snapferry/sys/files/unique_fd.h"
#include "temporary_directory.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t page = 4096;  // bytes; of the machines that build this
constexpr std::size_t pages = 64;

std::vector<bool> in_memory(int file, std::uint64_t begin = 0) {
    void* const address =
        ::mmap(nullptr, pages * page, PROT_READ, MAP_SHARED, file, static_cast<off_t>(begin));
    std::vector<unsigned char> told(pages);
    REQUIRE(::mincore(address, pages * page, told.data()) == 0);
    ::munmap(address, pages * page);
    std::vector<bool> there;
    there.reserve(pages);
    for (const auto one : told) {
        there.push_back((one & 1U) != 0);
    }
    return there;
}

void read(int file, std::size_t first, std::size_t count) {
    std::string into(count * page, '\0');
    REQUIRE(::pread(file, into.data(), into.size(), static_cast<off_t>(first * page)) ==
            static_cast<ssize_t>(into.size()));
}

TEST_CASE("What memory held of a file before it was read is what it holds afterwards") {
    const testing::TemporaryDirectory directory;
    const auto path = directory.file("file", std::string(pages * page, 'x'));
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    REQUIRE(::fsync(file.get()) == 0);
    (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_RANDOM);  // nothing is read ahead
    if (in_memory(file.get()) != std::vector<bool>(pages, false)) {
        return;  // a filesystem that lives in memory, as /tmp may be
    }
    read(file.get(), 8, 4);
    const auto before = in_memory(file.get());
    PageCacheAsItWas memory(file.get(), pages * page);
    SECTION("read from memory") {}
    SECTION("read from the disk") {
        memory.forget();
        CHECK(in_memory(file.get()) == std::vector<bool>(pages, false));
    }
    for (std::size_t done = 0; done < pages; done += 16) {
        read(file.get(), done, 16);
        memory.is_read_until((done + 16) * page);
    }
    CHECK(in_memory(file.get()) == before);
}

TEST_CASE("Of a file that is nearly all a hole only what is read is looked at") {
    constexpr std::uint64_t far_off = std::uint64_t{8}
                                      << 40;  // bytes; to look at all of it takes minutes
    const testing::TemporaryDirectory directory;
    const auto path = directory.file("file", std::string(pages * page, 'x'));
    const UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    const std::string island(page, 'y');
    if (::pwrite(file.get(), island.data(), page, static_cast<off_t>(far_off)) !=
        static_cast<ssize_t>(page)) {
        return;  // a filesystem that has no files so large
    }
    REQUIRE(::fsync(file.get()) == 0);
    (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    if (in_memory(file.get()) != std::vector<bool>(pages, false)) {
        return;
    }
    PageCacheAsItWas memory(file.get(), 2 * far_off);
    read(file.get(), 0, pages);
    memory.comes_to(far_off);
    read(file.get(), far_off / page, 1);
    memory.is_read_until(2 * far_off);
    CHECK(in_memory(file.get()) == std::vector<bool>(pages, false));
    CHECK_FALSE(in_memory(file.get(), far_off).front());
}

}  // namespace
}  // namespace snapferry::sys
