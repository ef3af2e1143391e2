#include "snapferry/receive/promotion.h"

#include <fmt/format.h>

#include <string>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/set_aside.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {
namespace {

bool is_there(const std::filesystem::path& path) {
    return std::filesystem::exists(std::filesystem::symlink_status(path));
}

/// The first of the numbered names that nothing has yet.
std::filesystem::path free_place(const std::filesystem::path& snapshots, const SnapshotName& name,
                                 std::string (*numbered)(const SnapshotName&, unsigned)) {
    for (unsigned number = 1;; ++number) {
        auto place = snapshots / numbered(name, number);
        if (!is_there(place)) {
            return place;
        }
    }
}

bool is_complete(const btrfs::SubvolumeInfo& info) {
    return info.read_only && !info.received_uuid.is_null();
}

/// The new copy appears beside the old one and is durable before the two change names.
void replace_copy(const Received& received, const std::filesystem::path& snapshots,
                  const std::filesystem::path& place, btrfs::Durability& disk) {
    const auto aside = free_place(snapshots, received.identity.name, replaced_name);
    btrfs::create_snapshot(received.path, aside, true);
    disk.require();
    btrfs::exchange(aside, place);
}

void move_remnant_aside(const std::filesystem::path& snapshots, const SnapshotName& name,
                        Log& log) {
    const auto aside = free_place(snapshots, name, incomplete_name);
    std::filesystem::rename(snapshots / name.text(), aside);
    log.info("an incomplete {} was in the way: it is now {}", name.text(),
             aside.filename().native());
}

}  // namespace

void require_name_is_free(const std::filesystem::path& snapshots, const SnapshotName& name) {
    const auto place = snapshots / name.text();
    if (is_there(place) && !btrfs::subvolume_info(place)) {
        throw Failure(
            ExitCode::receiving,
            fmt::format("{} is in the way, and is no snapshot", escape_text(place.native())),
            "move it elsewhere at the receiver");
    }
}

void promote(const Received& received, const std::filesystem::path& snapshots,
             btrfs::Durability& disk, Log& log) {
    const auto& name = received.identity.name;
    const auto place = snapshots / name.text();
    disk.require();
    require_name_is_free(snapshots, name);
    const auto present = btrfs::subvolume_info(place);
    if (present && is_complete(*present)) {
        replace_copy(received, snapshots, place, disk);
    } else {
        if (present) {
            move_remnant_aside(snapshots, name, log);
        }
        btrfs::create_snapshot(received.path, place, true);
    }
    disk.require();
}

}  // namespace snapferry::receive
