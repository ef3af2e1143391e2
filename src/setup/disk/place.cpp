#include "place.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "../steps/system.h"
#include "devices.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/disk/fstab.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::setup {
namespace {

constexpr auto usual_place = "/mnt/backups";
constexpr auto fstab = "/etc/fstab";

std::string shown(const std::filesystem::path& path) {
    return escape_text(path.native());
}

bool is_block_device(const std::string& path) {
    struct stat data {};
    return ::stat(path.c_str(), &data) == 0 && S_ISBLK(data.st_mode);
}

Place in_trouble(const Place& of, std::string why, std::string advice,
                 std::vector<std::string> lines = {}) {
    auto place = of;
    place.trouble = {std::move(why), std::move(advice), std::move(lines)};
    return place;
}

/// The device that is wished, by one of its names; empty where none is.
std::string wished_device(const ReceiverWishes& wishes) {
    const auto named = wishes.format ? wishes.format->device : wishes.disk.value_or("");
    if (!is_block_device(named)) {
        return {};
    }
    std::error_code error;
    const auto real = std::filesystem::canonical(named, error);
    return error ? named : real.native();
}

std::string how_to_erase(const Disk& disk, const std::string& device) {
    return fmt::format(
        "to lose what is on it and make it the backup disk: --format {}, and type "
        "\"{}\" where that is asked for",
        escape_text(device), escape_text(erasing_words(disk)));
}

/// The line of /etc/fstab for a disk or a part of it, by whichever of their names.
std::optional<FstabEntry> entry_for(const Disk& disk) {
    const auto table = text_of(fstab);
    auto names = disk.names;
    for (const auto& name : disk.names) {
        if (name.starts_with('/')) {  // lsblk goes by udev, which may not run, or be late
            const auto found = signatures_on(name).names;
            names.insert(names.end(), found.begin(), found.end());
        }
    }
    for (const auto& entry : parse_fstab(table)) {
        std::error_code error;
        const auto real = std::filesystem::canonical(entry.source, error);
        if (error) {
            continue;
        }
        const auto uuid = signatures_on(real).btrfs_uuid;  // of several devices one is named
        const bool is_of_it =
            std::ranges::find(disk.names, real.native()) != disk.names.end() ||
            (!uuid.empty() && std::ranges::find(names, "UUID=" + uuid) != names.end());
        if (is_of_it) {
            names.push_back(entry.source);
        }
    }
    return entry_naming(table, names);
}

/// Why it is not erased, though a person may have said so; nothing where it may be.
std::string why_to_keep(const Disk& disk) {
    if (auto why = why_not_to_erase(disk); !why.empty()) {
        return why;
    }
    const auto entry = entry_for(disk);
    return entry ? fmt::format("{} has a line for it or a part of it ({} at {})", fstab,
                               escape_text(entry->source), escape_text(entry->point))
                 : std::string{};
}

/// With the btrfs of the wished device, or the disk that is to be erased.
Place with_device(Place place, const ReceiverWishes& wishes) {
    const auto signatures = signatures_on(place.device);
    const auto disk = disk_at(place.device);
    const auto text = disk ? disk_text(*disk, signatures) : shown(place.device);
    if (!disk) {
        return in_trouble(place, fmt::format("lsblk does not know {}", text),
                          "name a disk that lsblk shows");
    }
    place.uuid = signatures.btrfs_uuid;
    if (is_root_of_system(*disk) || (!place.uuid.empty() && place.uuid == uuid_mounted_at("/"))) {
        return in_trouble(
            place, fmt::format("{} has the system of this machine on it", shown(place.device)),
            "plug in a disk for the backups: one that fails must not take both", offered_disks());
    }
    if (!place.uuid.empty() && entry_of(text_of(fstab), place.uuid)) {
        place.is_taken_as_it_is = wishes.format.has_value();
        return place;  // a run before this one has come so far; or a person has
    }
    const bool is_btrfs_alone = !place.uuid.empty() && signatures.types.size() == 1;
    if (!wishes.format) {
        return is_btrfs_alone ? place
                              : in_trouble(place, fmt::format("there is no btrfs on it: {}", text),
                                           how_to_erase(*disk, place.device));
    }
    if (const auto why = why_to_keep(*disk); !why.empty()) {
        return in_trouble(place, fmt::format("{} is not erased: {}", shown(place.device), why),
                          "choose another disk, or take it out of use first");
    }
    if (wishes.format->typed != erasing_words(*disk)) {
        return in_trouble(place,
                          fmt::format("nobody has confirmed that it is to be erased: {}", text),
                          how_to_erase(*disk, place.device));
    }
    place.uuid.clear();
    place.to_erase = disk;
    return place;
}

/// On the wished device, where nothing is configured yet.
Place on_new_device(Place place, const ReceiverWishes& wishes) {
    const auto table = text_of(fstab);
    const auto uuid = signatures_on(place.device).btrfs_uuid;
    const auto entry = uuid.empty() ? std::nullopt : entry_of(table, uuid);
    const bool is_of_fstab = entry && entry->point.starts_with('/');
    place.mount_point = place.target_dir =
        is_of_fstab ? std::filesystem::path(entry->point) : usual_place;
    place = with_device(std::move(place), wishes);
    if (place.trouble) {
        return place;
    }
    const auto other = entry_at(table, usual_place);
    if (!is_of_fstab && other) {
        return in_trouble(place,
                          fmt::format("{} has another disk for {} ({})", fstab, usual_place,
                                      escape_text(other->source)),
                          fmt::format("take that line out, or mount {} elsewhere by a line of your "
                                      "own and say --disk DIRECTORY",
                                      shown(place.device)));
    }
    const auto mounted = uuid_mounted_at(usual_place);
    if (!is_of_fstab && !mounted.empty() && mounted != place.uuid) {
        return in_trouble(place, fmt::format("another disk is mounted at {}", usual_place),
                          fmt::format("umount {}", usual_place));
    }
    return place;
}

/// The nearest directory above that is there, or the path itself.
std::filesystem::path there_of(std::filesystem::path path) {
    while (path.has_relative_path() && sys::kind_of(path) != sys::EntryKind::directory) {
        path = path.parent_path();
    }
    return path;
}

Place in_given_directory(Place place, const std::string& directory) {
    const auto normal = std::filesystem::path(directory).lexically_normal();
    place.target_dir = normal.has_filename() ? normal : normal.parent_path();
    place.is_given_directory = true;
    const auto above = there_of(place.target_dir);
    const auto mounts = sys::current_mounts();
    const auto mount = sys::mount_of(mounts, above);
    const auto system = sys::mount_of(mounts, "/");
    if (!mount || mount->filesystem_type != "btrfs") {
        return in_trouble(place, fmt::format("{} is on no btrfs", shown(directory)),
                          "mount the backup disk there first, or name its device: --disk /dev/...");
    }
    if (system && system->device == mount->device) {
        return in_trouble(
            place, fmt::format("{} is on the disk of the system itself", shown(directory)),
            "plug in a disk for the backups: one that fails must not take both", offered_disks());
    }
    place.mount_point = mount->point;
    place.uuid = btrfs::filesystem_uuid(above).text();
    return place;
}

/// What receive.toml says; and that the wishes do not say otherwise.
Place as_configured(const receive::Config& config, const ReceiverWishes& wishes, Place place) {
    place.is_configured = true;
    place.target_dir = config.target_dir;
    place.is_mounted_for_a_receive = !config.before_receive.empty();
    sys::have_mounted(config.mount_point);
    place.mount_point = config.mount_point;
    const auto mounts = sys::current_mounts();
    if (!config.has_mount_point && sys::kind_of(config.target_dir) == sys::EntryKind::directory) {
        const auto mount = sys::mount_of(mounts, config.target_dir);
        const auto system = sys::mount_of(mounts, "/");
        if (mount && mount->filesystem_type == "btrfs" &&
            !(system && system->device == mount->device)) {
            place.mount_point = mount->point;
        }
    }
    place.uuid = uuid_mounted_at(place.mount_point);
    const auto advice =
        fmt::format("leave --disk out; or, to move the backups, change target_dir in {} by hand",
                    receive::config_path);
    if (!place.device.empty()) {
        const auto wished = signatures_on(place.device).btrfs_uuid;
        if (!place.uuid.empty() && wished != place.uuid) {
            return in_trouble(place,
                              fmt::format("the backups are on another disk already, in {}",
                                          shown(config.target_dir)),
                              advice);
        }
        if (place.is_mounted_for_a_receive && wishes.format) {
            return in_trouble(place,
                              fmt::format("{} is not erased: the disk of the backups is mounted by "
                                          "the hook before_receive, and may be this one",
                                          shown(place.device)),
                              "leave --format out");
        }
        if (place.uuid.empty()) {
            return with_device(std::move(place), wishes);
        }
    } else if (wishes.disk &&
               std::filesystem::path(*wishes.disk).lexically_normal() != config.target_dir) {
        return in_trouble(
            place, fmt::format("the backups are in {} already", shown(config.target_dir)), advice);
    }
    return place;
}

Place find(const ReceiverWishes& wishes) {
    Place place;
    place.device = wished_device(wishes);
    if (wishes.format && place.device.empty()) {
        return in_trouble(place, fmt::format("{} is no disk", shown(wishes.format->device)),
                          "name one of these", offered_disks());
    }
    if (sys::kind_of(receive::config_path)) {
        return as_configured(receive::load_config(receive::config_path), wishes, std::move(place));
    }
    if (!place.device.empty()) {
        return on_new_device(std::move(place), wishes);
    }
    if (wishes.disk) {
        return in_given_directory(std::move(place), *wishes.disk);
    }
    return in_trouble(place, "it is not said where the backups are to lie",
                      "say it by --disk, with one of these or a directory on a mounted btrfs",
                      offered_disks());
}

}  // namespace

Place find_place(const ReceiverWishes& wishes) {
    try {
        return find(wishes);
    } catch (const Failure& failure) {
        return in_trouble({}, failure.what(), failure.hint());
    }
}

std::string uuid_mounted_at(const std::filesystem::path& point) {
    const auto mount = sys::mount_at(sys::current_mounts(), point);
    if (!mount || mount->filesystem_type != "btrfs") {
        return {};
    }
    return btrfs::filesystem_uuid(point).text();
}

}  // namespace snapferry::setup
