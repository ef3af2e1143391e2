#include "snapferry/sys/tree/walk.h"

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

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

using manifest::Kind;

/// Inode number of the directory that stands in a snapshot where a subvolume was:
/// BTRFS_EMPTY_SUBVOL_DIR_OBJECTID (linux/btrfs_tree.h).
constexpr ino_t place_of_a_subvolume = 2;

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

Kind kind_of(mode_t mode) {
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

std::string below(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
}

/// The names in it, in the order of their bytes; nothing, and errno is set, where it cannot be
/// read.
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

/// What the target is, in the bytes of the disk.
std::optional<std::string> target_of(int directory, const char* name) {
    std::array<char, 4096> target{};  // bytes; PATH_MAX: no symlink is longer
    const auto size = ::readlinkat(directory, name, target.data(), target.size());
    return size < 0 ? std::nullopt
                    : std::optional(std::string(target.data(), static_cast<std::size_t>(size)));
}

}  // namespace

Walk::Walk(const std::filesystem::path& top, ExitCode code)
    : top_path_(top), code_(code), top_(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!top_) {
        throw system_failure(code_, "open " + shown(""));
    }
    is_btrfs_ = btrfs::is_on_btrfs(top);
}

std::optional<Found> Walk::next() {
    if (!begun_) {
        begun_ = true;
        directory_ = open_directory("");
        name_ = ".";
        to_enter_ = "";
        return look_at("");
    }
    if (to_enter_) {
        enter(*std::exchange(to_enter_, std::nullopt));
    }
    while (!levels_.empty()) {
        auto& level = levels_.back();
        if (level.next == level.names.size()) {
            levels_.pop_back();
            if (!levels_.empty()) {
                directory_ = open_directory(levels_.back().path);
            }
            continue;
        }
        name_ = std::move(level.names[level.next++]);
        const auto path = below(level.path, name_);
        auto found = look_at(path);
        if (found.entry.kind == Kind::directory) {
            if (is_btrfs_ && found.inode == place_of_a_subvolume) {
                continue;
            }
            to_enter_ = path;
        }
        return found;
    }
    return std::nullopt;
}

void Walk::enter(const std::string& path) {
    directory_ = open_directory(path);
    auto names = names_in(directory_.get());
    if (!names) {
        throw system_failure(code_, "look into " + shown(path));
    }
    levels_.push_back({path, std::move(*names)});
}

UniqueFd Walk::open_directory(const std::string& path) const {
    auto fd = open_beneath(top_.get(), path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
    if (!fd) {
        throw system_failure(code_, "open " + shown(path));
    }
    return fd;
}

Found Walk::look_at(const std::string& path) const {
    struct stat data {};
    if (::fstatat(directory_.get(), name_.c_str(), &data, AT_SYMLINK_NOFOLLOW) != 0) {
        throw system_failure(code_, "look at " + shown(path));
    }
    Found found;
    auto& entry = found.entry;
    entry.path = path;
    entry.kind = kind_of(data.st_mode);
    entry.mode = data.st_mode & ~static_cast<mode_t>(S_IFMT);
    entry.uid = data.st_uid;
    entry.gid = data.st_gid;
    entry.modified = {data.st_mtim.tv_sec, static_cast<std::uint32_t>(data.st_mtim.tv_nsec)};
    if (entry.kind == Kind::file) {
        entry.size = static_cast<std::uint64_t>(data.st_size);
    } else if (entry.kind == Kind::symlink) {
        entry.target = target_of(directory_.get(), name_.c_str());
        if (!entry.target) {
            throw system_failure(code_, "read the symlink " + shown(path));
        }
    } else if (entry.kind == Kind::block_device || entry.kind == Kind::character_device) {
        entry.device = manifest::Device{major(data.st_rdev), minor(data.st_rdev)};
    }
    found.inode = data.st_ino;
    found.links = entry.kind == Kind::directory ? 1 : data.st_nlink;
    found.changed = data.st_ctim;
    return found;
}

std::string Walk::shown(const std::string& path) const {
    return escape_text(path.empty() ? top_path_.native() : (top_path_ / path).native());
}

}  // namespace snapferry::sys
