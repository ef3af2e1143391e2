#include "snapferry/send/pins.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/send/snapshots.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::send {
namespace {

bool is_pinned(const std::vector<LocalSnapshot>& pins, const std::filesystem::path& path) {
    return std::any_of(pins.begin(), pins.end(),
                       [&](const LocalSnapshot& pin) { return pin.path == path.native(); });
}

void make_private_directory(const std::filesystem::path& path) {
    std::filesystem::create_directories(path);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

/// Read-only comes last: until then a kill leaves something that list() does not take for a pin.
void make_copy(const LocalSnapshot& snapshot, const std::filesystem::path& copy) {
    btrfs::create_snapshot(snapshot.path, copy, false);
    btrfs::set_received_uuid(copy, snapshot.uuid, snapshot.transid);
    btrfs::set_read_only(copy, true);
}

}  // namespace

Pins::Pins(const std::filesystem::path& snapshot_dir, const Tag& dest_tag)
    : directory_(snapshot_dir / ".snapferry" / dest_tag.text()) {}

std::vector<LocalSnapshot> Pins::list() const {
    if (!std::filesystem::exists(directory_)) {
        return {};
    }
    auto pins = list_snapshots(directory_);
    for (auto& pin : pins) {
        pin.pinned = true;
    }
    return pins;
}

LocalSnapshot Pins::pin(const LocalSnapshot& snapshot) {
    if (auto pin = pin_of(snapshot)) {
        return *pin;
    }
    const auto copy = directory_ / snapshot.name.text();
    try {
        disk_.emplace(directory_.parent_path().parent_path(), "the snapshots' disk");
        make_private_directory(directory_.parent_path());
        make_private_directory(directory_);
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
    auto pin = find_snapshot(list(), snapshot.uuid);
    if (pin) {
        pin->taken = snapshot.taken;
    }
    return pin;
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

void Pins::keep_only(const Uuid& uuid, Log& log) {
    if (!std::filesystem::exists(directory_)) {
        return;
    }
    if (!newest_is_durable(log)) {
        return;
    }
    auto wanted = list();
    std::erase_if(wanted, [&](const LocalSnapshot& pin) { return pin.uuid != uuid; });
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
        if (!is_pinned(wanted, entry.path()) && btrfs::subvolume_info(entry.path())) {
            btrfs::delete_subvolume(entry.path());
            log.debug("the pin {} is no longer needed", escape_text(entry.path().native()));
        }
    }
}

}  // namespace snapferry::send
