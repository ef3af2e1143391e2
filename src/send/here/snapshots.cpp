#include "snapferry/send/here/snapshots.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/set_aside.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/sys/btrfs/changes.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::send {
namespace {

/// Where a snapshot was received itself, the kernel's send announces that uuid.
Uuid announced_uuid(const btrfs::SubvolumeInfo& info) {
    return info.received_uuid.is_null() ? info.uuid : info.received_uuid;
}

std::string why_unfit(const sys::DirectoryEntry& entry, const btrfs::SubvolumeInfo& info) {
    if (const auto fault = SnapshotName::fault(entry.name); !fault.empty()) {
        return fmt::format("its name {}", fault);
    }
    return info.read_only ? "" : "it is writable";
}

LocalSnapshot snapshot_of(const sys::DirectoryEntry& entry, const btrfs::SubvolumeInfo& info) {
    LocalSnapshot snapshot{SnapshotName::parse(entry.name).value(), info.uuid, announced_uuid(info),
                           info.parent_uuid, info.changed};
    snapshot.stands_for = info.sent;
    snapshot.changed_since_made = info.changed > info.created;
    snapshot.path = entry.path.native();
    snapshot.taken = info.creation_time;
    snapshot.uuid = snapshot.announced;
    snapshot.named = named_time(entry.name, info.creation_time);
    snapshot.number = info.id;
    snapshot.made_in = info.created;
    return snapshot;
}

/// What a receiver has just brought here is none before it has its name.
void add_to(SnapshotListing& listing, const sys::DirectoryEntry& entry,
            const btrfs::SubvolumeInfo& info) {
    if (name_of_arriving(entry.name)) {
        return;
    }
    if (auto why = why_unfit(entry, info); !why.empty()) {
        listing.unfit.push_back(
            {entry.name, std::move(why), named_time(entry.name, info.creation_time), info.id});
    } else {
        listing.snapshots.push_back(snapshot_of(entry, info));
    }
}

/// One that cannot be looked at, or is just being deleted, is not known to be what was received.
bool is_changed(const LocalSnapshot& snapshot) {
    try {
        return btrfs::changed_since_received(snapshot.path);
    } catch (const Failure&) {
        return true;
    }
}

}  // namespace

SnapshotListing look_into(const std::filesystem::path& directory) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error) || !btrfs::is_on_btrfs(directory)) {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("{} is no directory on btrfs", escape_text(directory.native())),
                      "is the disk mounted?");
    }
    SnapshotListing listing;
    for (const auto& entry : sys::entries_of(directory, ExitCode::directory_missing)) {
        if (entry.kind != sys::EntryKind::directory) {
            continue;
        }
        try {
            if (const auto info = btrfs::subvolume_info(entry.path, ExitCode::sending)) {
                add_to(listing, entry, *info);
            }
        } catch (const Failure& failure) {
            listing.unfit.push_back({entry.name, failure.what(), {}, 0});
        }
    }
    return listing;
}

std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory, Log& log) {
    auto listing = look_into(directory);
    for (const auto& unfit : listing.unfit) {
        if (unfit.number == 0) {  // it could not be looked at
            log.warning("{} is passed over: {}", escape_text((directory / unfit.name).native()),
                        unfit.why);
        }
    }
    return std::move(listing.snapshots);
}

NewestChoice choose_newest_now(const SnapshotListing& listing, const std::string& source_tag) {
    return choose_newest(
        listing.snapshots, listing.unfit, source_tag,
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::optional<LocalSnapshot> newest_snapshot(const std::filesystem::path& directory,
                                             const std::string& source_tag) {
    return choose_newest_now(look_into(directory), source_tag).newest;
}

std::optional<std::chrono::sys_seconds> named_time(const std::string& name,
                                                   std::chrono::sys_seconds taken) {
    return time_in_name(
        name, [](std::chrono::sys_seconds at) { return sys::local_offset(at); }, taken);
}

std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory) {
    return look_into(directory).snapshots;
}

void look_for_changes(std::vector<LocalSnapshot>& snapshots) {
    for (auto& snapshot : snapshots) {
        if (snapshot.announced != snapshot.own) {
            snapshot.changed_since_received = is_changed(snapshot);
        }
    }
}

}  // namespace snapferry::send
