#include "snapferry/receive/place/promotion.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/set_aside.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/place/replacement.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::receive {
namespace {

bool is_there(const std::filesystem::path& path) {
    return sys::kind_of(path).has_value();
}

bool is_complete(const btrfs::SubvolumeInfo& info) {
    return info.read_only && !info.received_uuid.is_null();
}

void move_remnant_aside(const std::filesystem::path& snapshots, const SnapshotName& name,
                        Log& log) {
    const auto aside = free_place(snapshots, name, incomplete_name);
    std::error_code error;
    std::filesystem::rename(snapshots / name.text(), aside, error);
    if (error) {
        throw Failure(ExitCode::receiving,
                      fmt::format("cannot move {} aside: {}", name.text(), error.message()));
    }
    log.info("an incomplete {} was in the way: it is now {}", name.text(),
             aside.filename().native());
}

/// A disk that has lost something by now may have lost this: it is no backup, and is not to be
/// listed as one. What came before it is all there.
void require_or_take_back(const std::filesystem::path& place, btrfs::Durability& disk) {
    try {
        disk.require();
    } catch (const Failure&) {
        try {
            btrfs::delete_subvolume(place);
        } catch (
            const std::exception&) {  // NOLINT(bugprone-empty-catch): the disk is to be told of
        }
        throw;
    }
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

Uuid promote(const Received& received, const std::filesystem::path& snapshots,
             btrfs::Durability& disk, Log& log) {
    const auto& name = received.identity.name;
    const auto place = snapshots / name.text();
    disk.require();
    require_name_is_free(snapshots, name);
    const auto present = btrfs::subvolume_info(place);
    if (present && is_complete(*present)) {
        replace_copy(received.path, snapshots, name, disk, log);
    } else {
        if (present) {
            move_remnant_aside(snapshots, name, log);
        }
        btrfs::create_snapshot(received.path, place, true);
    }
    require_or_take_back(place, disk);
    return btrfs::subvolume_info(place).value().uuid;
}

}  // namespace snapferry::receive
