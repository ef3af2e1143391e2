#include "snapferry/receive/target.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "snapferry/core/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

void require_mounted(const Config& config) {
    const auto mount = sys::mount_at(sys::current_mounts(), config.mount_point);
    if (!mount) {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("nothing is mounted at {}", shown(config.mount_point)),
                      fmt::format("mount the backup disk; if the mount point is another, set "
                                  "mount_point in {}",
                                  config_path));
    }
    if (mount->filesystem_type != "btrfs") {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("{} is {}, not btrfs", shown(config.mount_point),
                                  escape_text(mount->filesystem_type)),
                      "mount the backup disk there");
    }
}

void require_inside(const Config& config) {
    const auto rest = config.target_dir.lexically_relative(config.mount_point);
    if (rest.empty() || *rest.begin() == "..") {
        throw Failure(ExitCode::configuration,
                      fmt::format("target_dir {} is not below mount_point {}",
                                  shown(config.target_dir), shown(config.mount_point)),
                      fmt::format("mend {}", config_path));
    }
    struct stat data {};
    if (::stat(config.target_dir.c_str(), &data) != 0 || !S_ISDIR(data.st_mode) ||
        !btrfs::is_on_btrfs(config.target_dir)) {
        throw Failure(
            ExitCode::directory_missing,
            fmt::format("{} is no directory on the backup disk", shown(config.target_dir)),
            "make it, or mend target_dir in " + std::string(config_path));
    }
}

/// Only root looks inside: the files of the backups have the owners of another machine.
void make_directory(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        throw sys::system_failure(ExitCode::receiving, "make the directory " + shown(path));
    }
    struct stat data {};
    if (::lstat(path.c_str(), &data) != 0 || !S_ISDIR(data.st_mode)) {
        throw Failure(ExitCode::directory_missing, shown(path) + " is not a directory");
    }
}

}  // namespace

void require_backup_disk(const Config& config) {
    require_mounted(config);
    require_inside(config);
}

Target target_of(const Config& config, const Tag& tag) {
    const auto internals = config.target_dir / ".snapferry";
    return {config.target_dir / tag.text(),
            {internals / tag.text(), internals / (tag.text() + ".2")},
            internals / (tag.text() + ".lock"),
            internals / (tag.text() + ".checkpoint")};
}

Target open_target(const Config& config, const Tag& tag) {
    require_backup_disk(config);
    auto target = target_of(config, tag);
    make_directory(target.lock.parent_path());
    return target;
}

void make_snapshot_directory(const Target& target) {
    make_directory(target.snapshots);
}

}  // namespace snapferry::receive
