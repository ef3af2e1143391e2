#include "snapferry/receive/setup/disk_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::receive {
namespace {

constexpr auto code = ExitCode::directory_missing;

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

std::filesystem::path real_path(const std::filesystem::path& directory) {
    std::error_code error;
    auto path = std::filesystem::canonical(directory, error);
    if (error) {
        throw Failure(code, fmt::format("cannot look at {}: {}", shown(directory), error.message()),
                      "say where the backup disk is mounted");
    }
    return path;
}

bool has_backups(const std::filesystem::path& directory) {
    return sys::kind_of(directory / internal_directory) == sys::EntryKind::directory;
}

std::vector<std::filesystem::path> with_backups_in(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : sys::entries_of(directory, code)) {
        if (entry.kind == sys::EntryKind::directory && has_backups(entry.path)) {
            found.push_back(entry.path);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::filesystem::path target_in(const std::filesystem::path& directory) {
    if (has_backups(directory)) {
        return directory;
    }
    const auto found = with_backups_in(directory);
    if (found.empty()) {
        throw Failure(code,
                      fmt::format("there are no backups of snapferry in {}", shown(directory)),
                      "say where the backup disk is mounted, or the directory on it that has "
                      ".snapferry in it");
    }
    if (found.size() > 1) {
        throw Failure(code,
                      fmt::format("{} directories in {} have backups: {} and {}", found.size(),
                                  shown(directory), shown(found[0]), shown(found[1])),
                      "say which");
    }
    return found.front();
}

}  // namespace

Config config_of_disk(const std::filesystem::path& directory) {
    sys::require_root("the backups on a disk are root's");
    Config config;
    config.target_dir = target_in(real_path(directory));
    config.mount_point = config.target_dir;
    if (!btrfs::is_on_btrfs(config.target_dir)) {
        throw Failure(code, fmt::format("{} is not on btrfs", shown(config.target_dir)),
                      "backups are btrfs snapshots: mount the backup disk itself");
    }
    return config;
}

}  // namespace snapferry::receive
