#include "snapferry/restore/whole/places.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <optional>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/writable.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/sys/btrfs/changes.h"
#include "snapferry/sys/btrfs/durability.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/mounts.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::restore {
namespace {

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

void require_absolute(const std::filesystem::path& path, std::string_view option) {
    if (!path.is_absolute() || path != path.lexically_normal() || !path.has_filename()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} is to be an absolute path without . or .. in it, not {}",
                                  option, shown(path)));
    }
}

void require_writable_btrfs(const std::filesystem::path& directory, std::string_view option) {
    if (sys::kind_of(directory) != sys::EntryKind::directory) {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("{} is no directory, which {} needs", shown(directory), option),
                      "make it; is the disk mounted?");
    }
    if (!btrfs::is_on_btrfs(directory)) {
        throw Failure(
            ExitCode::directory_missing,
            fmt::format("{} is not on btrfs, and snapshots can be nowhere else", shown(directory)),
            "single files and folders come back to any filesystem: see restore --to");
    }
    if (const auto trouble = receive::trouble_with_directory(directory)) {
        throw Failure(*trouble);
    }
}

std::string filesystem_of(const std::filesystem::path& path) {
    const auto mount = sys::mount_of(sys::current_mounts(), path);
    return mount ? mount->device : std::string{};
}

std::filesystem::path snapshot_of(const Places& places, const Offer& offer) {
    return places.into / offer.backup.name.text();
}

[[noreturn]] void refuse_what_is_in_the_way(const std::filesystem::path& path) {
    throw Failure(ExitCode::configuration,
                  fmt::format("{} is there already, and is left alone", shown(path)),
                  "move it elsewhere, or give --as another path");
}

bool is_empty_directory(const std::filesystem::path& path) {
    return sys::kind_of(path) == sys::EntryKind::directory &&
           sys::entries_of(path, ExitCode::configuration).empty();
}

bool is_subvolume(const std::filesystem::path& path) {
    return sys::kind_of(path) == sys::EntryKind::directory &&
           btrfs::subvolume_info(path).has_value();
}

void delete_subvolumes_in(const std::filesystem::path& directory) {
    for (const auto& entry : sys::entries_of(directory, ExitCode::receiving)) {
        if (is_subvolume(entry.path)) {
            btrfs::delete_subvolume(entry.path);
        }
    }
}

}  // namespace

void require_usable(const Places& places) {
    require_absolute(places.into, "--into");
    require_absolute(places.as, "--as");
    require_writable_btrfs(places.into, "--into");
    require_writable_btrfs(places.as.parent_path(), "--as");
    if (places.as.native().starts_with(places.into.native() + "/")) {
        throw Failure(ExitCode::configuration,
                      fmt::format("--as {} lies among the snapshots of --into", shown(places.as)),
                      "give it a place beside them");
    }
    if (filesystem_of(places.as.parent_path()) != filesystem_of(places.into)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} and {} are on two filesystems", shown(places.into),
                                  shown(places.as.parent_path())),
                      "a writable copy of a snapshot can only be on the same one");
    }
    if (sys::mount_at(sys::current_mounts(), places.as)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("something is mounted at {}, and a copy cannot take its place",
                                  shown(places.as)),
                      "unmount it, or give --as another path");
    }
    if (sys::kind_of(places.as) && !is_empty_directory(places.as) && !is_subvolume(places.as)) {
        refuse_what_is_in_the_way(places.as);
    }
}

std::filesystem::path room_of(const Places& places, const Tag& tag) {
    return send::sender_home(places.into) / (".restore." + tag.text());
}

receive::Config prepared_room(const Places& places, const Tag& tag) {
    const auto room = room_of(places, tag);
    sys::make_private_directory(room.parent_path(), ExitCode::receiving);
    sys::make_private_directory(room, ExitCode::receiving);
    const auto mount = sys::mount_of(sys::current_mounts(), places.into);
    receive::Config config;
    config.target_dir = room;
    config.mount_point = mount ? mount->point : places.into;
    config.has_mount_point = true;
    config.defaults.keep = std::numeric_limits<std::size_t>::max();
    config.nice = 0;  // somebody waits for it
    config.io_class = sys::IoClass::best_effort;
    config.checkpoint_every = std::uint64_t{1} << 30;
    config.checkpoint_interval = std::chrono::seconds{60};
    return config;
}

void remove_room(const Places& places, const Tag& tag) {
    const auto room = room_of(places, tag);
    if (!sys::kind_of(room)) {
        return;
    }
    delete_subvolumes_in(room / tag.text());
    delete_subvolumes_in(room / receive::internal_directory);
    sys::delete_tree(room, ExitCode::receiving);
}

bool is_back(const Places& places, const Offer& offer) {
    const auto path = snapshot_of(places, offer);
    if (!sys::kind_of(path)) {
        return false;
    }
    const auto info = is_subvolume(path) ? btrfs::subvolume_info(path) : std::nullopt;
    if (!info || !info->read_only || info->received_uuid != offer.backup.uuid ||
        btrfs::changed_since_received(path)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} is there already, and is not that backup", shown(path)),
                      "move it elsewhere, or give --into another directory");
    }
    return true;
}

void settle(const Places& places, const Offer& offer) {
    const auto path = snapshot_of(places, offer);
    btrfs::Durability disk(places.into, "the disk of " + shown(places.into));
    btrfs::create_snapshot(room_of(places, offer.tag) / offer.tag.text() / offer.backup.name.text(),
                           path, true);
    try {
        disk.require();
    } catch (const Failure&) {
        btrfs::delete_subvolume(path);
        throw;
    }
}

bool is_writable_copy(const Places& places, const Offer& offer) {
    if (!sys::kind_of(places.as) || is_empty_directory(places.as)) {
        return false;
    }
    const auto path = snapshot_of(places, offer);
    const auto snapshot = is_subvolume(path) ? btrfs::subvolume_info(path) : std::nullopt;
    const auto copy = is_subvolume(places.as) ? btrfs::subvolume_info(places.as) : std::nullopt;
    if (!snapshot || !copy || copy->parent_uuid != snapshot->uuid || copy->read_only) {
        refuse_what_is_in_the_way(places.as);
    }
    return true;
}

void make_writable_copy(const Places& places, const Offer& offer) {
    btrfs::Durability disk(places.into, "the disk of " + shown(places.into));
    if (sys::kind_of(places.as) && ::rmdir(places.as.c_str()) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  "put the copy in place of " + shown(places.as));
    }
    btrfs::create_snapshot(snapshot_of(places, offer), places.as, false);
    disk.require();
}

}  // namespace snapferry::restore
