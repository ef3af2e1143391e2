#include "snapferry/sys/btrfs/durability.h"

#include <btrfsutil.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "snapferry/core/disk/write_loss.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

sys::UniqueFd open_filesystem(const std::filesystem::path& path) {
    sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        throw sys::system_failure(ExitCode::receiving, "open " + escape_text(path.native()));
    }
    return fd;
}

/// Each call tells of what has failed since the one before on this descriptor; the first, of what
/// has failed before it was opened and was told to nobody.
int syncfs_error(const sys::UniqueFd& filesystem) {
    return ::syncfs(filesystem.get()) == 0 ? 0 : errno;
}

/// Where the filesystem has met an error in its own structures, it writes nothing any more.
bool is_read_only(const sys::UniqueFd& filesystem) {
    struct statvfs data {};
    return ::fstatvfs(filesystem.get(), &data) == 0 && (data.f_flag & ST_RDONLY) != 0;
}

std::string not_written(int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    return fmt::format("data could not be written ({}{})", sys::error_text(error),
                       full ? " beneath the filesystem: what it lies on is full" : "");
}

}  // namespace

Durability::Durability(const std::filesystem::path& on_the_disk, std::string what)
    : filesystem_(open_filesystem(on_the_disk)), what_(std::move(what)) {
    if (const int error = syncfs_error(filesystem_)) {
        earlier_loss_ = not_written(error);
    }
    counted_before_ = device_errors(filesystem_);
}

void Durability::require() {
    if (seen_.empty()) {
        seen_ = loss_since_the_last_look();
    }
    if (!seen_.empty()) {
        lost(seen_);
    }
}

void Durability::lost(const std::string& how) {
    seen_ = how;
    throw PassingFailure(
        ExitCode::receiving,
        fmt::format("{} loses what is written to it: {}; nothing of it is trusted", what_, seen_),
        "see the kernel's log (dmesg) and btrfs device stats there, run btrfs scrub start, and "
        "mend or replace the disk, its cable, its power supply or what it lies on");
}

/// All of it each time: what is not asked for now would be told at the next look, or to nobody.
std::string Durability::loss_since_the_last_look() {
    const auto committed = btrfs_util_sync_fd(filesystem_.get());
    const int commit_error = committed == BTRFS_UTIL_OK ? 0 : errno;
    const int data_error = syncfs_error(filesystem_);
    if (data_error != 0) {
        return not_written(data_error);
    }
    if (commit_error != 0) {
        return fmt::format("it cannot be synced ({})", sys::error_text(commit_error));
    }
    if (is_read_only(filesystem_)) {
        return "it has become read-only";
    }
    return counted_loss();
}

std::string Durability::counted_loss() const {
    return write_loss(counted_before_, device_errors(filesystem_));
}

}  // namespace snapferry::btrfs
