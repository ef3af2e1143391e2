#include "snapferry/send/here/snapshots.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/changes.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::send {
namespace {

class SilentLog final : public Log {
  public:
    void write(Severity /*severity*/, std::string_view /*line*/) override {}
};

/// Where a snapshot was received itself, the kernel's send announces that uuid.
Uuid announced_uuid(const btrfs::SubvolumeInfo& info) {
    return info.received_uuid.is_null() ? info.uuid : info.received_uuid;
}

std::optional<LocalSnapshot> look_at(const sys::DirectoryEntry& entry) {
    const auto name = SnapshotName::parse(entry.name);
    if (!name || entry.kind != sys::EntryKind::directory) {
        return std::nullopt;
    }
    const auto info = btrfs::subvolume_info(entry.path);
    if (!info || !info->read_only) {
        return std::nullopt;
    }
    LocalSnapshot snapshot{*name, info->uuid, announced_uuid(*info), info->parent_uuid,
                           info->changed};
    snapshot.stands_for = info->sent;
    snapshot.changed_since_made = info->changed > info->created;
    snapshot.path = entry.path.native();
    snapshot.taken = info->creation_time;
    snapshot.uuid = snapshot.announced;
    return snapshot;
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

std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory, Log& log) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error) || !btrfs::is_on_btrfs(directory)) {
        throw Failure(ExitCode::directory_missing,
                      fmt::format("{} is no directory on btrfs", escape_text(directory.native())),
                      "is the disk mounted?");
    }
    std::vector<LocalSnapshot> snapshots;
    for (const auto& entry : sys::entries_of(directory, ExitCode::directory_missing)) {
        try {
            if (auto snapshot = look_at(entry)) {
                snapshots.push_back(std::move(*snapshot));
            }
        } catch (const Failure& failure) {
            log.warning("{} is passed over: {}", escape_text(entry.path.native()), failure.what());
        }
    }
    return snapshots;
}

std::vector<LocalSnapshot> list_snapshots(const std::filesystem::path& directory) {
    SilentLog log;
    return list_snapshots(directory, log);
}

void look_for_changes(std::vector<LocalSnapshot>& snapshots) {
    for (auto& snapshot : snapshots) {
        if (snapshot.announced != snapshot.own) {
            snapshot.changed_since_received = is_changed(snapshot);
        }
    }
}

}  // namespace snapferry::send
