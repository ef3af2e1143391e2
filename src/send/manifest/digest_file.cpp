#include "snapferry/send/manifest/digest_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {
namespace {

constexpr auto code = ExitCode::sending;
constexpr std::size_t piece = 8192 * manifest::record_size;  // bytes; what is read or written

/// False where the file ends before.
bool read_whole(int file, std::span<std::byte> into, const std::string& shown) {
    while (!into.empty()) {
        const auto count = sys::read_some(file, into, code, shown);
        if (count == 0) {
            return false;
        }
        into = into.subspan(count);
    }
    return true;
}

Failure damaged(const std::string& shown) {
    return {code, shown + " is damaged, or of another version"};
}

}  // namespace

std::optional<DigestFile> DigestFile::open(const std::filesystem::path& file) {
    auto shown = escape_text(file.native());
    sys::UniqueFd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && errno == ENOENT) {
        return std::nullopt;
    }
    if (!fd) {
        throw sys::system_failure(code, "open " + shown);
    }
    sys::require_own_file(fd.get(), file);
    std::array<std::byte, manifest::header_size> bytes{};
    struct stat data {};
    const auto header = read_whole(fd.get(), bytes, shown)
                            ? manifest::header_from(bytes)
                            : std::optional<manifest::DigestHeader>{};
    if (!header || ::fstat(fd.get(), &data) != 0 ||
        static_cast<std::uint64_t>(data.st_size) != manifest::file_size_of(*header)) {
        throw damaged(shown);
    }
    DigestFile opened(std::move(fd), std::move(shown), *header);
    if (!opened.read_through(bytes)) {
        throw damaged(opened.shown_);
    }
    return opened;
}

/// Once, for the checksum and the inodes' numbers. False where it is not what was written.
bool DigestFile::read_through(std::span<const std::byte> header) {
    wire::StreamDigest digest;
    digest.update(header);
    inodes_.reserve(static_cast<std::size_t>(header_.records));
    std::vector<std::byte> buffer(piece);
    for (auto left = header_.records; left > 0;) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(left, piece / manifest::record_size));
        const auto bytes = std::span(buffer).first(count * manifest::record_size);
        if (!read_whole(file_.get(), bytes, shown_)) {
            return false;
        }
        digest.update(bytes);
        for (std::size_t index = 0; index < count; ++index) {
            inodes_.push_back(manifest::inode_in(
                bytes.subspan(index * manifest::record_size).first<manifest::record_size>()));
        }
        left -= count;
    }
    std::array<std::byte, manifest::checksum_size> checksum{};
    const auto wanted = digest.text();
    return read_whole(file_.get(), checksum, shown_) &&
           std::ranges::equal(checksum, std::as_bytes(std::span(wanted))) &&
           std::ranges::adjacent_find(inodes_, std::greater_equal<>()) == inodes_.end();
}

std::optional<std::size_t> DigestFile::find(std::uint64_t inode) const {
    const auto found = std::ranges::lower_bound(inodes_, inode);
    return found != inodes_.end() && *found == inode
               ? std::optional(static_cast<std::size_t>(found - inodes_.begin()))
               : std::nullopt;
}

manifest::DigestRecord DigestFile::record(std::size_t index) {
    if (index < window_begin_ || index >= window_begin_ + window_.size() / manifest::record_size) {
        read_around(index);
    }
    const auto at = (index - window_begin_) * manifest::record_size;
    return manifest::record_from(
        std::span<const std::byte>(window_).subspan(at).first<manifest::record_size>());
}

/// Files of one directory were mostly made one after the other.
void DigestFile::read_around(std::size_t index) {
    constexpr std::size_t window = 32;  // records
    const auto begin = index - index % window;
    const auto end = std::min(begin + window, count());
    window_.resize((end - begin) * manifest::record_size);
    window_begin_ = begin;
    const auto at = static_cast<off_t>(manifest::header_size + begin * manifest::record_size);
    if (::pread(file_.get(), window_.data(), window_.size(), at) !=
        static_cast<ssize_t>(window_.size())) {
        window_.clear();
        throw sys::system_failure(code, "read " + shown_);
    }
}

DigestFileWriter::DigestFileWriter(std::filesystem::path file, const manifest::DigestHeader& header)
    : place_(std::move(file)), fresh_(place_) {
    fresh_ += ".new";
    constexpr int how = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    file_ = sys::UniqueFd(::open(fresh_.c_str(), how, S_IRUSR | S_IWUSR));
    if (!file_) {
        throw sys::system_failure(code, "make " + escape_text(fresh_.native()));
    }
    put(manifest::header_bytes(header));
}

DigestFileWriter::~DigestFileWriter() {
    if (file_) {
        ::unlink(fresh_.c_str());
    }
}

void DigestFileWriter::add(const manifest::DigestRecord& record) {
    put(manifest::record_bytes(record));
}

void DigestFileWriter::put(std::span<const std::byte> bytes) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    if (held_.size() >= piece) {
        flush();
    }
}

void DigestFileWriter::flush() {
    digest_.update(held_);
    sys::write_all(file_.get(), held_, code, escape_text(fresh_.native()));
    held_.clear();
}

void DigestFileWriter::finish() {
    flush();
    const auto checksum = digest_.text();
    sys::write_all(file_.get(), std::as_bytes(std::span(checksum)), code,
                   escape_text(fresh_.native()));
    if (::rename(fresh_.c_str(), place_.c_str()) != 0) {
        throw sys::system_failure(code, "replace " + escape_text(place_.native()));
    }
    file_ = {};
}

}  // namespace snapferry::send
