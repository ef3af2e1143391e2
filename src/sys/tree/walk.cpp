#include "snapferry/sys/tree/walk.h"

#include <fcntl.h>

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

std::string below(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
}

}  // namespace

Walk::Walk(const std::filesystem::path& top, ExitCode code, Wanted wanted)
    : top_path_(top),
      code_(code),
      wanted_(std::move(wanted)),
      top_(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!top_) {
        throw system_failure(code_, "open " + shown(""));
    }
    is_btrfs_ = btrfs::is_on_btrfs(top);
}

std::optional<Found> Walk::next() {
    if (!begun_) {
        begun_ = true;
        go_to("");
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
                go_to(levels_.back().path);
            }
            continue;
        }
        name_ = std::move(level.names[level.next++]);
        const auto path = below(level.path, name_);
        if (wanted_ && !wanted_(path)) {
            continue;
        }
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
    go_to(path);
    auto names = names_in(directory_.get());
    if (!names) {
        throw system_failure(code_, "look into " + shown(path));
    }
    levels_.push_back({path, std::move(*names)});
}

/// Where that fails there is no directory, and not the last one: who goes on after a failure would
/// look for names there that are another's.
void Walk::go_to(const std::string& path) {
    directory_ = UniqueFd{};
    directory_ = open_directory(path);
}

UniqueFd Walk::open_directory(const std::string& path) const {
    auto fd = open_beneath(top_.get(), path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
    if (!fd) {
        throw system_failure(code_, "open " + shown(path));
    }
    return fd;
}

Found Walk::look_at(const std::string& path) const {
    auto found = found_at(directory_.get(), name_, path);
    if (!found) {
        throw system_failure(code_, "look at " + shown(path));
    }
    return std::move(*found);
}

std::string Walk::shown(const std::string& path) const {
    return escape_text(path.empty() ? top_path_.native() : (top_path_ / path).native());
}

}  // namespace snapferry::sys
