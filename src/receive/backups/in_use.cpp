#include "snapferry/receive/backups/in_use.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

constexpr int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string shown(const std::filesystem::path& snapshot) {
    return escape_text(snapshot.native());
}

/// It may have been deleted between the look and the lock, and another have taken its name.
bool is_still_there(const sys::UniqueFd& directory, const std::filesystem::path& snapshot) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(directory.get(), &opened) == 0 && ::lstat(snapshot.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

BackupInUse::BackupInUse(const std::filesystem::path& snapshot)
    : directory_(::open(snapshot.c_str(), how)) {
    if (!directory_) {
        throw sys::system_failure(ExitCode::configuration, "open " + shown(snapshot));
    }
    if (::flock(directory_.get(), LOCK_SH | LOCK_NB) != 0 ||
        !is_still_there(directory_, snapshot)) {
        throw PassingFailure(ExitCode::busy, shown(snapshot) + " is being deleted",
                             "choose another backup");
    }
}

std::optional<sys::UniqueFd> claim_unused(const std::filesystem::path& snapshot) {
    sys::UniqueFd directory(::open(snapshot.c_str(), how));
    if (directory && ::flock(directory.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return std::nullopt;
    }
    return directory;
}

}  // namespace snapferry::receive
