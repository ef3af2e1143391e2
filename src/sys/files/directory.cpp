#include "snapferry/sys/files/directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr int as_directory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

[[noreturn]] void fail_to_open(const std::filesystem::path& path, ExitCode code) {
    if (errno == ENOTDIR || errno == ELOOP) {
        throw Failure(code, shown(path) + " is not a directory",
                      "look what it is, and move it elsewhere; where it is a symlink, write the "
                      "path that it leads to instead");
    }
    throw system_failure(code, "open the directory " + shown(path));
}

}  // namespace

Directory Directory::open(const std::filesystem::path& path, ExitCode code) {
    UniqueFd fd(::open(path.c_str(), as_directory));
    if (!fd) {
        fail_to_open(path, code);
    }
    return {std::move(fd), path, code};
}

std::optional<Directory> Directory::find(const std::string& name) const {
    UniqueFd fd(::openat(fd_.get(), name.c_str(), as_directory));
    if (!fd && errno == ENOENT) {
        return std::nullopt;
    }
    if (!fd) {
        fail_to_open(path_ / name, code_);
    }
    return Directory(std::move(fd), path_ / name, code_);
}

Directory Directory::make(const std::string& name) const {
    if (::mkdirat(fd_.get(), name.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throw system_failure(code_, "make the directory " + shown(path_ / name));
    }
    auto made = find(name);
    if (!made) {
        throw Failure(code_, shown(path_ / name) + " has gone as soon as it was made");
    }
    return std::move(*made);
}

DirectoryRights Directory::rights() const {
    struct stat data {};
    if (::fstat(fd_.get(), &data) != 0) {
        throw system_failure(code_, "look at " + shown(path_));
    }
    return {data.st_uid, data.st_gid, data.st_mode};
}

void Directory::set_mode(unsigned mode) const {
    if (::fchmod(fd_.get(), static_cast<mode_t>(mode)) != 0) {
        throw system_failure(code_, "set the mode of " + shown(path_));
    }
}

}  // namespace snapferry::sys
