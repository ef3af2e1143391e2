#include "snapferry/sys/tree/contents.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/page_cache.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/attributes.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t piece = std::size_t{1024} * 1024;  // bytes; a read of a file
constexpr std::uint64_t held = std::uint64_t{8} << 20;   // bytes; of a file, in memory at a time

}  // namespace

UniqueFd open_contents(const Walk& walk, const Found& file, ExitCode code) {
    constexpr int how = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    UniqueFd fd(::openat(walk.directory(), walk.name().c_str(), how | O_NOATIME));
    if (!fd && errno == EPERM) {  // somebody else's file, and we are not root
        fd = UniqueFd(::openat(walk.directory(), walk.name().c_str(), how));
    }
    if (!fd) {
        throw system_failure(code, "open " + walk.shown(file.entry.path));
    }
    struct stat data {};
    if (::fstat(fd.get(), &data) != 0 || !S_ISREG(data.st_mode) || data.st_ino != file.inode) {
        throw Failure(code,
                      fmt::format("{} changes while it is read", walk.shown(file.entry.path)));
    }
    return fd;
}

manifest::Digest contents_of(const Walk& walk, const Found& file, ExitCode code,
                             const WhenRead& when_read) {
    const auto fd = open_contents(walk, file, code);
    return contents_of(fd.get(), code, walk.shown(file.entry.path), when_read);
}

manifest::Digest contents_of(int file, ExitCode code, const std::string& shown,
                             const WhenRead& when_read, ReadFrom from) {
    struct stat data {};
    (void)::fstat(file, &data);
    const auto size = static_cast<std::uint64_t>(data.st_size);
    PageCacheAsItWas memory(file, size);
    if (from == ReadFrom::disk) {
        memory.forget();
    }
    (void)::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    manifest::Sha256 digest;
    std::vector<std::byte> buffer(
        static_cast<std::size_t>(std::min<std::uint64_t>(piece, size + 1)));
    std::uint64_t offset = 0;
    std::uint64_t let_go = 0;
    while (const auto count = read_some(file, buffer, code, shown)) {
        digest.update(std::span(buffer).first(count));
        if (when_read) {
            when_read(count);
        }
        offset += count;
        if (offset - let_go >= held) {
            memory.is_read_until(offset);
            let_go = offset;
        }
    }
    memory.is_read_until(offset);
    return digest.take();
}

std::optional<manifest::Digest> attributes_of(const Walk& walk, const Found& found, ExitCode code) {
    return digest_of(
        read_attributes(walk.directory(), walk.name(), code, walk.shown(found.entry.path)));
}

}  // namespace snapferry::sys
