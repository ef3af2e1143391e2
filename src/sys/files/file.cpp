#include "snapferry/sys/files/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

std::string shown(const std::filesystem::path& file) {
    return escape_text(file.native());
}

void write_new_file(const std::filesystem::path& file, std::string_view content, unsigned mode,
                    ExitCode code) {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    const UniqueFd fd(::open(file.c_str(), flags, static_cast<mode_t>(mode)));
    if (!fd) {
        throw system_failure(code, "make " + shown(file));
    }
    if (::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0) {
        throw system_failure(code, "set the mode of " + shown(file));
    }
    write_all(fd.get(), std::as_bytes(std::span(content)), code, shown(file));
    if (::fsync(fd.get()) != 0) {
        throw system_failure(code, "sync " + shown(file));
    }
}

/// Nothing where there is no such file.
UniqueFd open_to_read(const std::filesystem::path& file, int flags, ExitCode code) {
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | flags));
    if (!fd && errno != ENOENT && errno != ENOTDIR) {
        throw system_failure(code, "open " + shown(file));
    }
    return fd;
}

std::string content_of(int fd, const std::filesystem::path& file, std::size_t limit,
                       ExitCode code) {
    constexpr std::size_t piece = 16 * 1024;  // bytes; the limit is a bound, not what is there
    std::string content;
    std::size_t size = 0;
    for (;;) {
        content.resize(size + piece);
        const auto room = std::as_writable_bytes(std::span(content).subspan(size));
        const auto count = read_some(fd, room, code, shown(file));
        size += count;
        if (count == 0) {
            break;
        }
        if (size > limit) {
            throw Failure(code, fmt::format("{} is larger than {} bytes", shown(file), limit));
        }
    }
    content.resize(size);
    return content;
}

void require_of_root(const struct stat& data, const std::filesystem::path& file) {
    if (data.st_uid != 0 || (data.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} can be written by others than root", shown(file)),
                      fmt::format("chown root: {0} && chmod go-w {0}", shown(file)));
    }
}

/// What becomes the file once it is whole.
std::filesystem::path fresh_beside(const std::filesystem::path& file) {
    auto fresh = file;
    fresh += ".new";
    return fresh;
}

/// Whether there was one.
bool unlink_if_there(const std::filesystem::path& file, ExitCode code) {
    if (::unlink(file.c_str()) == 0) {
        return true;
    }
    if (errno != ENOENT) {
        throw system_failure(code, "delete " + shown(file));
    }
    return false;
}

}  // namespace

void sync_directory_of(const std::filesystem::path& file, ExitCode code) {
    const auto directory = file.has_parent_path() ? file.parent_path() : ".";
    const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) {
        throw system_failure(code, "sync the directory " + shown(directory));
    }
}

bool is_there(const std::filesystem::path& file) {
    if (::access(file.c_str(), R_OK) == 0) {
        return true;
    }
    if (errno == ENOENT) {
        return false;
    }
    if (errno == EACCES && ::geteuid() != 0) {
        throw Failure(ExitCode::not_root,
                      fmt::format("not run as root, and {} is root's", shown(file)),
                      "run it with sudo");
    }
    throw system_failure(ExitCode::configuration, "read " + shown(file));
}

std::optional<WallTime> last_written(const std::filesystem::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) {
        return std::nullopt;
    }
    return WallTime(std::chrono::seconds(info.st_mtim.tv_sec));
}

std::optional<std::string> read_small_file(const std::filesystem::path& file, std::size_t limit,
                                           ExitCode code) {
    const auto fd = open_to_read(file, 0, code);
    return fd ? std::optional(content_of(fd.get(), file, limit, code)) : std::nullopt;
}

std::optional<std::string> read_own_file(const std::filesystem::path& file, std::size_t limit) {
    const auto fd = open_to_read(file, O_NOFOLLOW | O_NONBLOCK, ExitCode::configuration);
    if (!fd) {
        return std::nullopt;
    }
    require_own_file(fd.get(), file);
    return content_of(fd.get(), file, limit, ExitCode::configuration);
}

void require_own_file(int fd, const std::filesystem::path& file) {
    struct stat data {};
    if (::fstat(fd, &data) != 0) {
        throw system_failure(ExitCode::configuration, "look at " + shown(file));
    }
    if (!S_ISREG(data.st_mode) || data.st_uid != ::geteuid()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} is not a regular file of user {}", shown(file), ::geteuid()),
                      "look what it is, and move it elsewhere");
    }
}

void require_root_only(const std::filesystem::path& file) {
    struct stat data {};
    if (::stat(file.c_str(), &data) != 0) {
        throw system_failure(ExitCode::configuration, "look at " + shown(file));
    }
    require_of_root(data, file);
}

std::optional<std::string> read_file_of_root(const std::filesystem::path& file, std::size_t limit) {
    const auto fd = open_to_read(file, 0, ExitCode::configuration);
    if (!fd) {
        return std::nullopt;
    }
    struct stat data {};
    if (::fstat(fd.get(), &data) != 0) {
        throw system_failure(ExitCode::configuration, "look at " + shown(file));
    }
    require_of_root(data, file);
    return content_of(fd.get(), file, limit, ExitCode::configuration);
}

void replace_file(const std::filesystem::path& file, std::string_view content, unsigned mode,
                  ExitCode code) {
    const auto fresh = fresh_beside(file);
    try {
        write_new_file(fresh, content, mode, code);
        if (::rename(fresh.c_str(), file.c_str()) != 0) {
            throw system_failure(code, "replace " + shown(file));
        }
    } catch (const Failure&) {
        ::unlink(fresh.c_str());
        throw;
    }
    sync_directory_of(file, code);
}

void make_private_directory(const std::filesystem::path& path, ExitCode code) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        throw system_failure(code, "make the directory " + shown(path));
    }
}

void delete_file(const std::filesystem::path& file, ExitCode code) {
    const bool was_there = unlink_if_there(file, code);
    if (unlink_if_there(fresh_beside(file), code) || was_there) {
        sync_directory_of(file, code);
    }
}

}  // namespace snapferry::sys
