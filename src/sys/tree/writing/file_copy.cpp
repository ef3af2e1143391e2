#include "snapferry/sys/tree/writing/file_copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/writing/destination.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t piece = std::size_t{1024} * 1024;  // bytes; what is copied at once

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// The next data from there on; an empty range at the end where only a hole follows. A filesystem
/// that knows no holes says that all is data.
Range next_data(int file, std::uint64_t from, std::uint64_t size, const std::string& shown) {
    const auto begin = ::lseek(file, static_cast<off_t>(from), SEEK_DATA);
    if (begin < 0 && errno == ENXIO) {
        return {size, size};
    }
    const auto end = begin < 0 ? begin : ::lseek(file, begin, SEEK_HOLE);
    if (end < 0) {
        throw system_failure(ExitCode::sending, "look for the holes of " + shown);
    }
    return {static_cast<std::uint64_t>(begin), std::min(static_cast<std::uint64_t>(end), size)};
}

std::size_t read_at(int file, std::uint64_t offset, std::span<std::byte> into,
                    const std::string& shown) {
    for (;;) {
        const auto count = ::pread(file, into.data(), into.size(), static_cast<off_t>(offset));
        if (count > 0) {
            return static_cast<std::size_t>(count);
        }
        if (count == 0) {
            throw Failure(ExitCode::sending, fmt::format("{} ends before its end", shown));
        }
        if (errno != EINTR) {
            throw system_failure(ExitCode::sending, "read " + shown);
        }
    }
}

}  // namespace

void copy_contents(int from, const std::string& from_shown, std::uint64_t size, int to,
                   const std::string& to_shown, const WhenCopied& when_copied) {
    if (size == 0) {
        return;
    }
    if (::ioctl(to, FICLONE, from) == 0) {
        when_copied(size);
        return;
    }
    make_hole(to, size, to_shown);
    std::uint64_t told = 0;
    read_contents(from, from_shown, size,
                  [&](std::uint64_t offset, std::span<const std::byte> bytes) {
                      write_at(to, offset, bytes, to_shown);
                      when_copied(offset + bytes.size() - told);
                      told = offset + bytes.size();
                  });
    when_copied(size - told);
}

void read_contents(int from, const std::string& shown, std::uint64_t size, const TakeData& take) {
    (void)::posix_fadvise(from, 0, 0, POSIX_FADV_SEQUENTIAL);
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(piece, size)));
    std::uint64_t begin = 0;
    while (begin < size) {
        const auto data = next_data(from, begin, size, shown);
        for (auto place = data.begin; place < data.end;) {
            const auto room =
                static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), data.end - place));
            const auto got = read_at(from, place, std::span(buffer).first(room), shown);
            take(place, std::span(buffer).first(got));
            place += got;
        }
        begin = data.end;
    }
    (void)::posix_fadvise(from, 0, 0, POSIX_FADV_DONTNEED);
}

void write_at(int file, std::uint64_t offset, std::span<const std::byte> bytes,
              const std::string& shown) {
    while (!bytes.empty()) {
        const auto count = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno != EINTR) {
            throw failure_at("write", shown);
        }
        const auto written = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        bytes = bytes.subspan(written);
        offset += written;
    }
}

void make_hole(int file, std::uint64_t size, const std::string& shown) {
    if (::ftruncate(file, static_cast<off_t>(size)) != 0) {
        throw failure_at("make room for", shown);
    }
}

}  // namespace snapferry::sys
