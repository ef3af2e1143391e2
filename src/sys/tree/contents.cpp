#include "snapferry/sys/tree/contents.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/split.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/page_cache.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t piece = std::size_t{1024} * 1024;  // bytes; a read of a file
constexpr std::uint64_t held = std::uint64_t{8} << 20;   // bytes; of a file, in memory at a time

void update_with_length(manifest::Sha256& digest, std::string_view bytes) {
    std::array<std::byte, 4> length{};
    for (std::size_t place = 0; place < length.size(); ++place) {
        length.at(place) = static_cast<std::byte>(bytes.size() >> (8 * place));
    }
    digest.update(length);
    digest.update(std::as_bytes(std::span(bytes)));
}

/// What a call like listxattr(2) or getxattr(2) gives, which first says how long it is. Nothing
/// where it fails, and errno is set.
template <typename Call>
std::optional<std::string> value_of(const Call& call) {
    for (;;) {
        const auto size = call(nullptr, 0);
        if (size <= 0) {
            return size == 0 ? std::optional(std::string()) : std::nullopt;
        }
        std::string value(static_cast<std::size_t>(size), '\0');
        const auto got = call(value.data(), value.size());
        if (got >= 0) {
            value.resize(static_cast<std::size_t>(got));
            return value;
        }
        if (errno != ERANGE) {  // it has grown meanwhile
            return std::nullopt;
        }
    }
}

std::vector<std::string_view> names_in(std::string_view list) {
    if (list.ends_with('\0')) {
        list.remove_suffix(1);
    }
    auto names = list.empty() ? std::vector<std::string_view>{} : split(list, '\0');
    std::ranges::sort(names);
    return names;
}

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

manifest::Digest digest_of(int file, std::uint64_t size, const std::string& shown, ExitCode code,
                           const WhenRead& when_read, ReadFrom from) {
    PageCacheAsItWas memory(file, size);
    if (from == ReadFrom::disk) {
        memory.forget();
    }
    (void)::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    manifest::Sha256 digest;
    std::vector<std::byte> buffer(std::min<std::uint64_t>(piece, size + 1));
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

manifest::Digest contents_of(const Walk& walk, const Found& file, ExitCode code,
                             const WhenRead& when_read) {
    const auto fd = open_contents(walk, file, code);
    return digest_of(fd.get(), file.entry.size.value_or(0), walk.shown(file.entry.path), code,
                     when_read, ReadFrom::memory);
}

/// By way of /proc, for there are no calls that take a directory and a name.
std::optional<manifest::Digest> attributes_of(const Walk& walk, const Found& found, ExitCode code) {
    const auto path = fmt::format("/proc/self/fd/{}/{}", walk.directory(), walk.name());
    const auto list = value_of(
        [&](char* into, std::size_t size) { return ::llistxattr(path.c_str(), into, size); });
    if (!list) {
        if (errno == EOPNOTSUPP) {
            return std::nullopt;
        }
        throw system_failure(code, "list the attributes of " + walk.shown(found.entry.path));
    }
    const auto names = names_in(*list);
    if (names.empty()) {
        return std::nullopt;
    }
    manifest::Sha256 digest;
    for (const auto name : names) {
        const std::string attribute(name);
        const auto value = value_of([&](char* into, std::size_t size) {
            return ::lgetxattr(path.c_str(), attribute.c_str(), into, size);
        });
        if (!value) {
            throw system_failure(code, "read an attribute of " + walk.shown(found.entry.path));
        }
        update_with_length(digest, name);
        update_with_length(digest, *value);
    }
    return digest.take();
}

}  // namespace snapferry::sys
