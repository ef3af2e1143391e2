#include "snapferry/setup/sender/snapshots_here.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/btrfs/subvolume_list.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::setup {
namespace {

/// One that several mounts show is one, by the first of them.
class Search {
  public:
    void look_below(const std::filesystem::path& mount_point) {
        try {
            for (const auto& path : btrfs::subvolumes_below(mount_point)) {
                take(mount_point / path);
            }
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): there may be others
        }
    }

    void look_in(const std::filesystem::path& directory) {
        for (const auto& entry : sys::entries_of(directory, ExitCode::directory_missing)) {
            if (entry.kind == sys::EntryKind::directory) {
                take(entry.path);
            }
        }
    }

    [[nodiscard]] const std::vector<SeenSnapshot>& found() const { return found_; }

  private:
    void take(const std::filesystem::path& path) {
        if (tag_in(path.filename().native()).empty()) {
            return;
        }
        const auto info = info_of(path);
        if (info && info->read_only && seen_.insert(info->uuid).second) {
            found_.push_back(
                {path.parent_path().native(), path.filename().native(), info->creation_time});
        }
    }

    static std::optional<btrfs::SubvolumeInfo> info_of(const std::filesystem::path& path) {
        try {
            return btrfs::subvolume_info(path, ExitCode::sending);
        } catch (const Failure&) {
            return std::nullopt;
        }
    }

    std::vector<SeenSnapshot> found_;
    std::set<Uuid> seen_;
};

}  // namespace

std::vector<Series> snapshots_here() {
    Search search;
    for (const auto& mount : sys::current_mounts()) {
        if (mount.filesystem_type == "btrfs") {
            search.look_below(mount.point);
        }
    }
    return series_of(search.found());
}

std::vector<Series> snapshots_in(const std::filesystem::path& directory) {
    Search search;
    search.look_in(directory);
    return series_of(search.found());
}

}  // namespace snapferry::setup
