#include "snapferry/send/here/pins.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
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
    btrfs::set_received_uuid(copy, snapshot.uuid, snapshot.transid);
    btrfs::set_read_only(copy, true);
}

std::vector<std::filesystem::path> subvolumes_in(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : sys::entries_of(directory, ExitCode::sending)) {
        if (entry.kind == sys::EntryKind::directory && btrfs::subvolume_info(entry.path)) {
            found.push_back(entry.path);
        }
    }
    return found;
}

}  // namespace

Pins::Pins(const std::filesystem::path& snapshot_dir, const Tag& dest_tag)
    : directory_(snapshot_dir / ".snapferry" / dest_tag.text()) {}

/// The directories that pins may lie in.
std::vector<std::filesystem::path> Pins::places() const {
    std::vector<std::filesystem::path> places;
    if (!sys::kind_of(directory_)) {
        return places;
    }
    places.push_back(directory_);
    for (const auto& entry : sys::entries_of(directory_, ExitCode::sending)) {
        if (entry.kind == sys::EntryKind::directory &&
            Uuid::parse(entry.path.filename().native()) && !btrfs::subvolume_info(entry.path)) {
            places.push_back(entry.path);
        }
    }
    return places;
}

std::vector<LocalSnapshot> Pins::list() const {
    std::vector<LocalSnapshot> pins;
    for (const auto& place : places()) {
        auto found = list_snapshots(place);
        std::move(found.begin(), found.end(), std::back_inserter(pins));
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
    if (auto pin = pin_of(snapshot)) {
        return *pin;
    }
    const auto place = directory_ / snapshot.uuid.text();
    const auto copy = place / snapshot.name.text();
    try {
        disk_.emplace(directory_.parent_path().parent_path(), "the snapshots' disk");
        make_private_directory(directory_.parent_path());
        make_private_directory(directory_);
        make_private_directory(place);
        if (btrfs::subvolume_info(copy)) {
            btrfs::delete_subvolume(copy);
        }
        make_copy(snapshot, copy);
    } catch (const std::exception& error) {
        throw Failure(ExitCode::sending,
                      fmt::format("cannot pin {}: {}", escape_text(snapshot.path), error.what()),
                      "make room, or turn pins off (pin = false, or --no-pin)");
    }
    return pin_of(snapshot).value();
}

/// With the time of the snapshot itself: the pin may be much younger.
std::optional<LocalSnapshot> Pins::pin_of(const LocalSnapshot& snapshot) const {
    for (auto& pin : list()) {
        if (pin.uuid == snapshot.uuid) {
            pin.taken = snapshot.taken;
            return std::move(pin);
        }
    }
    return std::nullopt;
}

/// The older ones are what is left to build on where the newest is lost. A disk that loses writes
/// is no reason not to back it up.
bool Pins::newest_is_durable(Log& log) {
    try {
        if (disk_) {
            disk_->require();
        }
        return true;
    } catch (const Failure& failure) {
        log.warning("older pins are kept: {}", failure_text(failure));
        return false;
    }
}

void Pins::keep_only(const std::set<Uuid>& uuids, Log& log) {
    if (!newest_is_durable(log)) {
        return;
    }
    auto wanted = list();
    std::erase_if(wanted, [&](const LocalSnapshot& pin) { return !uuids.contains(pin.uuid); });
    for (const auto& place : places()) {
        for (const auto& path : subvolumes_in(place)) {
            if (std::none_of(wanted.begin(), wanted.end(),
                             [&](const LocalSnapshot& pin) { return pin.path == path.native(); })) {
                btrfs::delete_subvolume(path);
                log.debug("the pin {} is no longer needed", escape_text(path.native()));
            }
        }
        if (place != directory_) {
            (void)::rmdir(place.c_str());  // where it is empty
        }
    }
}

}  // namespace snapferry::send
