#include "snapferry/sys/files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <thread>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

std::optional<FileLock> FileLock::acquire(const std::filesystem::path& file,
                                          std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds pause{50};
    UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
        throw system_failure(ExitCode::configuration,
                             "open the lock file " + escape_text(file.native()));
    }
    require_own_file(fd.get(), file);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            throw system_failure(ExitCode::configuration, "lock " + escape_text(file.native()));
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return std::nullopt;
        }
        std::this_thread::sleep_for(pause);
    }
    return FileLock(std::move(fd));
}

bool FileLock::is_held(const std::filesystem::path& file) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd && errno == ENOENT) {
        return false;
    }
    if (!fd) {
        throw system_failure(ExitCode::configuration,
                             "open the lock file " + escape_text(file.native()));
    }
    return ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace snapferry::sys
