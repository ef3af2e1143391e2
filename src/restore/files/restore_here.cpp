#include "snapferry/restore/files/restore_here.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/in_use.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/sys/btrfs/durability.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/processes/mounts.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::restore {
namespace {

/// The directory that is there, of `to` or above it, without symlinks.
std::filesystem::path nearest(const std::filesystem::path& to) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(to, error), error);
    while (!std::filesystem::exists(path, error) && path.has_relative_path()) {
        path = path.parent_path();
    }
    return path;
}

/// What lies there belongs to the backups: nobody else may put anything there.
void require_outside_of_backups(const receive::Config& config, const receive::TagView& view,
                                const std::filesystem::path& to) {
    std::error_code error;
    const auto path =
        std::filesystem::weakly_canonical(std::filesystem::absolute(to, error), error);
    for (const auto& place :
         {view.target.snapshots, config.target_dir / receive::internal_directory}) {
        const auto own = std::filesystem::weakly_canonical(place, error);
        if (path == own || is_beneath(path.native(), own.native())) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} is where the backups are", escape_text(to.native())),
                          "restore to another directory");
        }
    }
}

void require_in_backup(const std::filesystem::path& snapshot, const MeantBackup& meant,
                       const receive::TagView& view, const Selection& selection) {
    const sys::UniqueFd top(::open(snapshot.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const auto& path : selection.paths()) {
        if (!sys::open_beneath(top.get(), path, O_PATH)) {
            const bool leads_elsewhere = errno == ELOOP;
            throw Failure(
                ExitCode::configuration,
                fmt::format("{} of {} has no {}{}", meant.backup.name.text(), view.tag.text(),
                            escape_text(path), leads_elsewhere ? " (a symlink is on the way)" : ""),
                "paths are those in the backup, from its top; --at chooses another");
        }
    }
}

bool shares_disk(const std::filesystem::path& one, const std::filesystem::path& other) {
    const auto mounts = sys::current_mounts();
    const auto first = sys::mount_of(mounts, one);
    const auto second = sys::mount_of(mounts, other);
    return first && second && first->device == second->device && btrfs::is_on_btrfs(one);
}

void require_room(const std::filesystem::path& snapshot, const std::filesystem::path& to,
                  const RestoreCounts& counts) {
    const auto place = nearest(to);
    if (shares_disk(snapshot, place)) {
        return;  // data is shared
    }
    const auto free = btrfs::space_of(place, ExitCode::directory_missing).free;
    if (counts.on_disk > free) {
        throw Failure(
            ExitCode::no_space,
            fmt::format("the files take {}, and at {} only {} are free", byte_text(counts.on_disk),
                        escape_text(to.native()), byte_text(free)),
            "make room, restore elsewhere, or restore a part; nothing was changed");
    }
}

/// One restore, step by step.
class Restore {
  public:
    Restore(const RestoreWish& wish, std::filesystem::path snapshot, std::filesystem::path manifest,
            RestoreListener& listener, RestoreOutcome& outcome)
        : wish_(wish),
          snapshot_(std::move(snapshot)),
          manifest_(std::move(manifest)),
          listener_(listener),
          outcome_(outcome) {}

    void look() {
        listener_.begins("looking", 0);
        const sys::Destination destination(wish_.to, sys::Destination::Use::look);
        FileRestore files(destination, wish_.overwrite, wish_.selection.is_whole(), listener_);
        auto items = items_of_backup();
        outcome_.counts = files.look([&] { return items.next(); });
    }

    void write_and_compare() {
        const sys::Destination destination(wish_.to, sys::Destination::Use::write);
        auto durable = durability_of(destination);
        FileRestore files(destination, wish_.overwrite, wish_.selection.is_whole(), listener_);
        listener_.begins("copying", outcome_.counts.bytes);
        auto items = items_of_backup();
        outcome_.counts = files.write([&] { return items.next(); });
        if (durable) {
            durable->require();
        }
        compare(files);
        outcome_.differences = files.differences();
        outcome_.left_out = files.left_out();
        outcome_.first_left_out = files.first_left_out();
    }

  private:
    sys::TreeItems items_of_backup() {
        const auto& selection = wish_.selection;
        return {snapshot_, [&](const std::string& path) { return selection.touches(path); },
                [this](std::uint64_t bytes) {
                    listener_.went_on(bytes);
                    listener_.stop_if_asked();
                }};
    }

    std::optional<btrfs::Durability> durability_of(const sys::Destination& destination) {
        if (!btrfs::is_on_btrfs(destination.path())) {
            return std::nullopt;
        }
        return std::optional<btrfs::Durability>(std::in_place, destination.path(),
                                                "the disk of " + destination.shown(""));
    }

    void compare(FileRestore& files) {
        listener_.begins("comparing", 0);
        if (has_manifest() && compare_with_manifest(files)) {
            outcome_.compared_with = ComparedWith::manifest;
            return;
        }
        outcome_.compared_with = ComparedWith::backup;
        sys::TreeEntries entries(snapshot_, ExitCode::sending, {}, [this](const std::string& path) {
            return wish_.selection.touches(path);
        });
        outcome_.compared = files.compare([&] { return entries.next(); });
    }

    [[nodiscard]] bool has_manifest() const {
        std::error_code error;
        return std::filesystem::is_regular_file(manifest_, error);
    }

    /// It came from the NAS, and may be anything. What has to be read anew is read anew.
    bool compare_with_manifest(FileRestore& files) {
        try {
            sys::ManifestFile entries(manifest_, ExitCode::receiving);
            outcome_.compared = files.compare([&] { return next_selected(entries); });
            return true;
        } catch (const manifest::Malformed& malformed) {
            outcome_.no_manifest = malformed.what();
            return false;
        }
    }

    std::optional<manifest::Entry> next_selected(sys::ManifestFile& entries) {
        for (;;) {
            auto entry = entries.next();
            if (!entry || wish_.selection.touches(entry->path)) {
                return entry;
            }
        }
    }

    const RestoreWish& wish_;
    std::filesystem::path snapshot_;
    std::filesystem::path manifest_;
    RestoreListener& listener_;
    RestoreOutcome& outcome_;
};

}  // namespace

RestoreOutcome restore_here(const receive::Config& config, const receive::TagView& view,
                            const RestoreWish& wish, std::chrono::sys_seconds now,
                            RestoreListener& listener) {
    RestoreOutcome outcome{backup_in_force(view, wish.at, now), {}};
    const auto& backup = outcome.backup.backup;
    const auto snapshot = view.target.snapshots / backup.name.text();
    require_outside_of_backups(config, view, wish.to);
    const receive::BackupInUse in_use(snapshot);
    require_in_backup(snapshot, outcome.backup, view, wish.selection);
    Restore restore(wish, snapshot, receive::manifest_of(view.target.manifests, backup.copy),
                    listener, outcome);
    restore.look();
    if (!wish.dry_run) {
        require_room(snapshot, wish.to, outcome.counts);
        restore.write_and_compare();
    }
    return outcome;
}

}  // namespace snapferry::restore
