#include "snapferry/receive/target.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "snapferry/core/escape.h"
#include "snapferry/receive/backup_disk.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
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

Target target_of(const Config& config, const Tag& tag) {
    const auto internals = config.target_dir / ".snapferry";
    return {config.target_dir / tag.text(), internals / tag.text(),
            internals / (tag.text() + ".lock"), internals / (tag.text() + ".checkpoint")};
}

Target open_target(const Config& config, const Tag& tag) {
    require_sound_disk(config);
    auto target = target_of(config, tag);
    require_on_the_disk(config, target);
    make_directory(target.lock.parent_path());
    return target;
}

void make_snapshot_directory(const Target& target) {
    make_directory(target.snapshots);
}

}  // namespace snapferry::receive
