#include "snapferry/restore/files/restore_here.h"

#include <fmt/format.h>

#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/files/room.h"
#include "snapferry/restore/files/source_backup.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::restore {
namespace {

/// What lies there belongs to the backups: nobody else may put anything there. Paths in a backup
/// are the NAS's choice: above these places they could lead into them, but for another mount.
void require_outside_of_backups(const receive::Config& config, const receive::TagView& view,
                                const std::filesystem::path& to) {
    std::error_code error;
    const auto path =
        std::filesystem::weakly_canonical(std::filesystem::absolute(to, error), error);
    const auto is_above = [&](const std::filesystem::path& own) {
        const auto above = path == path.root_path() ? std::string() : path.native();
        if (!is_beneath(own.native(), above) || !std::filesystem::exists(own, error)) {
            return false;
        }
        const auto mounts = sys::current_mounts();
        const auto one = sys::mount_of(mounts, own);
        const auto other = sys::mount_of(mounts, path);
        return one && other && one->point == other->point;
    };
    for (const auto& place :
         {view.target.snapshots, config.target_dir / receive::internal_directory}) {
        const auto own = std::filesystem::weakly_canonical(place, error);
        if (path == own || is_beneath(path.native(), own.native()) || is_above(own)) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} is where the backups are", escape_text(to.native())),
                          "restore to another directory");
        }
    }
}

/// Then data is shared, and takes no room.
bool shares_disk(const std::filesystem::path& one, const std::filesystem::path& other) {
    const auto mounts = sys::current_mounts();
    const auto first = sys::mount_of(mounts, one);
    const auto second = sys::mount_of(mounts, other);
    return first && second && first->device == second->device && btrfs::is_on_btrfs(one);
}

}  // namespace

void compare_restored(FileRestore& files, const manifest::Next& expected, const NextPath& came,
                      ComparedWith with, RestoreListener& listener, RestoreOutcome& outcome) {
    listener.begins("comparing", outcome.counts.bytes);
    outcome.compared_with = with;
    outcome.compared = files.compare(expected, came);
    outcome.differences = files.differences();
    outcome.left_out = files.left_out();
    outcome.first_left_out = files.first_left_out();
}

RestoreOutcome restore_here(const receive::Config& config, const receive::TagView& view,
                            const RestoreWish& wish, std::chrono::sys_seconds now,
                            RestoreListener& listener) {
    require_outside_of_backups(config, view, wish.to);
    const SourceBackup backup(view, backup_in_force(view, wish.at, now), wish.selection);
    RestoreOutcome outcome{backup.meant().backup.name.text(), backup.meant().taken, {}};
    const bool whole = wish.selection.is_whole();
    {
        listener.begins("looking", 0);
        const sys::Destination destination(wish.to, sys::Destination::Use::look);
        FileRestore files(destination, wish.overwrite, whole, listener);
        auto items = backup.items();
        outcome.counts = files.look([&] { return items.next(); });
    }
    if (wish.dry_run) {
        return outcome;
    }
    if (!shares_disk(backup.path(), nearest(wish.to))) {
        require_room(wish.to, outcome.counts.on_disk);
    }
    const sys::Destination destination(wish.to, sys::Destination::Use::write);
    auto durable = durability_of(destination);
    FileRestore files(destination, wish.overwrite, whole, listener);
    listener.begins("copying", outcome.counts.bytes);
    auto items = backup.items([&](std::uint64_t bytes) {
        listener.went_on(bytes);
        listener.stop_if_asked();
    });
    outcome.counts = files.write([&] { return items.next(); });
    if (durable) {
        durable->require();
    }
    outcome.no_manifest = backup.trouble_with_manifest();
    const bool by_manifest = backup.has_manifest() && outcome.no_manifest.empty();
    compare_restored(files, backup.expected(by_manifest), backup.paths(),
                     by_manifest ? ComparedWith::manifest : ComparedWith::backup, listener,
                     outcome);
    return outcome;
}

}  // namespace snapferry::restore
