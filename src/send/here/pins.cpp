#include "snapferry/send/here/pins.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

constexpr unsigned for_root_alone = 0700;

void make_private_directory(const std::filesystem::path& path) {
    sys::make_private_directory(path);
    sys::Directory::open(path, ExitCode::sending).set_mode(for_root_alone);
}

/// Read-only comes last: until then a kill leaves something that list() does not take for a pin.
void make_copy(const LocalSnapshot& snapshot, const std::filesystem::path& copy) {
    btrfs::create_snapshot(snapshot.path, copy, false);
    btrfs::set_received_uuid(copy, snapshot.uuid,
                             snapshot.pinned ? snapshot.stands_for : snapshot.transid);
    btrfs::set_read_only(copy, true);
}

/// One pin that is in trouble must not be the trouble of others, nor of a backup.
void with_warning(const std::filesystem::path& path, std::string_view what, Log& log,
                  const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        log.warning("the pin {} {}: {}", escape_text(path.native()), what,
                    escape_text(error.what()));
    }
}

std::vector<sys::DirectoryEntry> directories_in(const std::filesystem::path& place, Log& log) {
    std::vector<sys::DirectoryEntry> found;
    with_warning(place, "cannot be looked at", log,
                 [&] { found = sys::entries_of(place, ExitCode::sending); });
    std::erase_if(found, [](const sys::DirectoryEntry& entry) {
        return entry.kind != sys::EntryKind::directory && entry.kind != sys::EntryKind::unknown;
    });
    return found;
}

/// Where pins may lie in a place: it, and the directories that are called by uuids.
std::vector<std::filesystem::path> rooms_of(const std::filesystem::path& place, Log& log) {
    std::vector<std::filesystem::path> rooms;
    if (sys::kind_of(place) != sys::EntryKind::directory) {
        return rooms;
    }
    rooms.push_back(place);
    for (const auto& entry : directories_in(place, log)) {
        if (entry.kind == sys::EntryKind::directory && Uuid::parse(entry.name)) {
            rooms.push_back(entry.path);
        }
    }
    return rooms;
}

void delete_pin(const std::filesystem::path& path, Log& log) {
    with_warning(path, "cannot be deleted", log, [&] {
        btrfs::delete_subvolume(path);
        log.debug("the pin {} is no longer needed", escape_text(path.native()));
    });
}

/// Deletes the pins in a place that are not to be kept, and the directories that are empty then.
void delete_in(const std::filesystem::path& place, Log& log,
               const std::function<bool(const btrfs::SubvolumeInfo&)>& is_kept) {
    for (const auto& room : rooms_of(place, log)) {
        for (const auto& entry : directories_in(room, log)) {
            with_warning(entry.path, "cannot be looked at and is kept", log, [&] {
                const auto info = btrfs::subvolume_info(entry.path);
                if (info && !is_kept(*info)) {
                    delete_pin(entry.path, log);
                }
            });
        }
        if (room != place) {
            (void)::rmdir(room.c_str());  // where it is empty
        }
    }
}

}  // namespace

Pins::Pins(std::filesystem::path home, const std::string& name, Log& log)
    : home_(std::move(home)), own_(pins_place(home_, name)), log_(log) {}

void Pins::look_also_in(const std::string& name) {
    const auto place = pins_place(home_, name);
    if (place != own_ && std::find(others_.begin(), others_.end(), place) == others_.end()) {
        others_.push_back(place);
    }
}

std::vector<LocalSnapshot> Pins::list() const {
    std::vector<LocalSnapshot> pins;
    auto places = others_;
    places.insert(places.begin(), own_);
    for (const auto& place : places) {
        for (const auto& room : rooms_of(place, log_)) {
            with_warning(room, "cannot be looked at", log_, [&] {
                auto found = list_snapshots(room, log_);
                std::move(found.begin(), found.end(), std::back_inserter(pins));
            });
        }
    }
    look_for_changes(pins);
    std::erase_if(pins, [](const LocalSnapshot& pin) {
        return pin.changed_since_received || pin.announced == pin.own;
    });
    for (auto& pin : pins) {
        pin.pinned = true;
    }
    return pins;
}

LocalSnapshot Pins::pin(const LocalSnapshot& snapshot) {
    if (auto pin = own_pin_of(snapshot)) {
        return *pin;
    }
    const auto room = own_ / snapshot.uuid.text();
    try {
        disk_.emplace(home_.parent_path(), "the snapshots' disk");
        make_private_directory(home_);
        make_private_directory(own_);
        make_private_directory(room);
        make(snapshot, room / snapshot.name.text());
    } catch (const std::exception& error) {
        (void)::rmdir(room.c_str());  // where it is empty
        throw Failure(ExitCode::sending,
                      fmt::format("cannot pin {}: {}", escape_text(snapshot.path), error.what()),
                      "make room, or turn pins off (pin = false, or --no-pin)");
    }
    if (auto pin = own_pin_of(snapshot)) {
        return *pin;
    }
    throw Failure(ExitCode::sending,
                  fmt::format("cannot pin {}: the copy is not what it was made as",
                              escape_text(snapshot.path)));
}

/// What fails half-way is removed again: on a full disk it would be in the way of the next one.
void Pins::make(const LocalSnapshot& snapshot, const std::filesystem::path& copy) {
    if (btrfs::subvolume_info(copy)) {
        btrfs::delete_subvolume(copy);
    }
    try {
        make_copy(snapshot, copy);
    } catch (...) {
        with_warning(copy, "is left half-made", log_, [&] {
            if (btrfs::subvolume_info(copy)) {
                btrfs::delete_subvolume(copy);
            }
        });
        throw;
    }
}

bool Pins::is_own(const LocalSnapshot& snapshot) const {
    const std::filesystem::path path(snapshot.path);
    return snapshot.pinned &&
           (path.parent_path() == own_ || path.parent_path().parent_path() == own_);
}

/// With the time of the snapshot itself: the pin may be much younger.
std::optional<LocalSnapshot> Pins::own_pin_of(const LocalSnapshot& snapshot) const {
    for (auto& pin : list()) {
        if (pin.announced == snapshot.uuid && is_own(pin)) {
            pin.uuid = snapshot.uuid;
            pin.taken = snapshot.taken;
            return std::move(pin);
        }
    }
    return std::nullopt;
}

/// The older ones are what is left to build on where the newest is lost. A disk that loses writes
/// is no reason not to back it up.
bool Pins::newest_is_durable() {
    try {
        if (disk_) {
            disk_->require();
        }
        return true;
    } catch (const Failure& failure) {
        log_.warning("older pins are kept: {}", failure_text(failure));
        return false;
    }
}

void Pins::keep_only(const std::set<Uuid>& uuids) {
    if (newest_is_durable()) {
        delete_in(own_, log_, [&](const btrfs::SubvolumeInfo& info) {
            return info.read_only && uuids.contains(info.received_uuid);
        });
    }
}

void Pins::give_up(const std::set<Uuid>& uuids) {
    delete_in(own_, log_, [&](const btrfs::SubvolumeInfo& info) {
        return !uuids.contains(info.received_uuid);
    });
}

void delete_pins(const std::filesystem::path& place, Log& log) {
    delete_in(place, log, [](const btrfs::SubvolumeInfo&) { return false; });
    (void)::rmdir(place.c_str());  // where it is empty
}

}  // namespace snapferry::send
