#include "snapferry/receive/target.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/privacy.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/mounts.h"

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

}  // namespace

void require_backup_disk(const Config& config) {
    require_mounted(config);
    require_inside(config);
}

std::filesystem::path clock_of(const Config& config) {
    return config.target_dir / ".snapferry" / ".clock";  // no tag begins with a dot
}

Target target_of(const Config& config, const Tag& tag) {
    const auto internals = config.target_dir / internal_directory;
    return {config.target_dir / tag.text(),
            internals / tag.text(),
            internals / (tag.text() + ".lock"),
            internals / (tag.text() + ".checkpoint"),
            internals / (tag.text() + ".arrivals"),
            clock_of(config),
            internals / ".clock.lock"};
}

Target open_target(const Config& config, const Tag& tag, Log& log) {
    require_backup_disk(config);
    secure_target(config, tag, log);
    return target_of(config, tag);
}

void make_snapshot_directory(const Target& target, Log& log) {
    const auto above =
        sys::Directory::open(target.snapshots.parent_path(), ExitCode::directory_missing);
    secure_directory(above.make(target.snapshots.filename().native()), log);
}

}  // namespace snapferry::receive
