#include "snapferry/send/pins.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/send/snapshots.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/directory.h"
#include "snapferry/sys/directory_entries.h"
#include "snapferry/sys/file.h"

namespace snapferry::send {
namespace {

constexpr unsigned for_root_alone = 0700;

bool is_pinned(const std::vector<LocalSnapshot>& pins, const std::filesystem::path& path) {
    return std::any_of(pins.begin(), pins.end(),
                       [&](const LocalSnapshot& pin) { return pin.path == path.native(); });
}

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

}  // namespace

Pins::Pins(const std::filesystem::path& snapshot_dir, const Tag& dest_tag)
    : directory_(snapshot_dir / ".snapferry" / dest_tag.text()) {}

std::vector<LocalSnapshot> Pins::list() const {
    if (!sys::kind_of(directory_)) {
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

void Pins::keep_only(const Uuid& uuid, Log& log) {
    if (!sys::kind_of(directory_)) {
        return;
    }
    auto wanted = list();
    std::erase_if(wanted, [&](const LocalSnapshot& pin) { return pin.uuid != uuid; });
    for (const auto& entry : sys::entries_of(directory_, ExitCode::sending)) {
        if (!is_pinned(wanted, entry.path) && btrfs::subvolume_info(entry.path)) {
            btrfs::delete_subvolume(entry.path);
            log.debug("the pin {} is no longer needed", escape_text(entry.path.native()));
        }
    }
}

}  // namespace snapferry::send
