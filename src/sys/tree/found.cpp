#include "snapferry/sys/tree/found.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {
namespace {

using manifest::Kind;

constexpr std::uint64_t block = 512;  // bytes; the unit of st_blocks, see stat(2)

/// What the target is, in the bytes of the disk.
std::optional<std::string> target_of(int directory, const char* name) {
    std::array<char, 4096> target{};  // bytes; PATH_MAX: no symlink is longer
    const auto size = ::readlinkat(directory, name, target.data(), target.size());
    return size < 0 ? std::nullopt
                    : std::optional(std::string(target.data(), static_cast<std::size_t>(size)));
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

Kind kind_of_mode(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return Kind::directory;
        case S_IFREG:
            return Kind::file;
        case S_IFLNK:
            return Kind::symlink;
        case S_IFIFO:
            return Kind::fifo;
        case S_IFSOCK:
            return Kind::socket;
        case S_IFBLK:
            return Kind::block_device;
        default:
            return Kind::character_device;
    }
}

std::optional<Found> found_at(int directory, const std::string& name, const std::string& path) {
    struct stat data {};
    if (::fstatat(directory, name.c_str(), &data, AT_SYMLINK_NOFOLLOW) != 0) {
        return std::nullopt;
    }
    Found found;
    auto& entry = found.entry;
    entry.path = path;
    entry.kind = kind_of_mode(data.st_mode);
    entry.mode = data.st_mode & ~static_cast<mode_t>(S_IFMT);
    entry.uid = data.st_uid;
    entry.gid = data.st_gid;
    entry.modified = {data.st_mtim.tv_sec, static_cast<std::uint32_t>(data.st_mtim.tv_nsec)};
    if (entry.kind == Kind::file) {
        entry.size = static_cast<std::uint64_t>(data.st_size);
    } else if (entry.kind == Kind::symlink) {
        entry.target = target_of(directory, name.c_str());
        if (!entry.target) {
            return std::nullopt;
        }
    } else if (entry.kind == Kind::block_device || entry.kind == Kind::character_device) {
        entry.device = manifest::Device{major(data.st_rdev), minor(data.st_rdev)};
    }
    found.inode = data.st_ino;
    found.links = entry.kind == Kind::directory ? 1 : data.st_nlink;
    found.on_disk = static_cast<std::uint64_t>(data.st_blocks) * block;
    found.changed = data.st_ctim;
    return found;
}

std::optional<std::vector<std::string>> names_in(int descriptor) {
    UniqueFd copy(::openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!copy) {
        return std::nullopt;
    }
    const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(copy.get()));
    if (!directory) {
        return std::nullopt;
    }
    (void)copy.release();
    std::vector<std::string> names;
    for (errno = 0; const auto* entry = ::readdir(directory.get()); errno = 0) {
        std::string name(static_cast<const char*>(entry->d_name));
        if (name != "." && name != "..") {
            names.push_back(std::move(name));
        }
    }
    if (errno != 0) {
        return std::nullopt;
    }
    std::ranges::sort(names, manifest::stands_before);
    return names;
}

}  // namespace snapferry::sys
