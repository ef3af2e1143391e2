#include "snapferry/receive/backups/inventory.h"

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::receive {
namespace {

/// Why the entry is no backup; empty where it is one.
Foreign judge(const std::string& name, const std::optional<btrfs::SubvolumeInfo>& info,
              bool trust_changed) {
    const auto shown = escape_text(name);
    if (!info) {
        return {shown, "not a subvolume"};
    }
    if (!info->read_only) {
        return {shown, "writable: an interrupted receive, or a copy somebody works on"};
    }
    if (info->received_uuid.is_null()) {
        return {shown, "it was not received, or was made writable since"};
    }
    if (!SnapshotName::parse(name)) {
        return {shown, "its name cannot be that of a snapshot"};
    }
    if (!trust_changed && was_changed_after_promotion(*info)) {
        return {shown, "it was changed after it arrived", true};
    }
    return {};
}

/// What cannot be looked at is no backup that anything may be built on; the others are.
void look_at(const sys::DirectoryEntry& entry, bool trust_changed, Inventory& inventory) {
    std::optional<btrfs::SubvolumeInfo> info;
    try {
        info = btrfs::subvolume_info(entry.path);
    } catch (const Failure& failure) {
        inventory.foreign.push_back({escape_text(entry.name), failure.what(), true});
        return;
    }
    auto foreign = judge(entry.name, info, trust_changed);
    if (foreign.why.empty()) {
        inventory.backups.push_back({*SnapshotName::parse(entry.name), info->received_uuid,
                                     info->id, info->creation_time, info->uuid});
    } else {
        inventory.foreign.push_back(std::move(foreign));
    }
}

}  // namespace

bool was_changed_after_promotion(const btrfs::SubvolumeInfo& info) {
    const bool promoted = info.created > info.received;
    return promoted && info.changed > info.created;
}

bool Inventory::has(const Uuid& received_uuid) const {
    return find_parent(received_uuid, std::nullopt).has_value();
}

std::optional<Backup> Inventory::find_parent(const Uuid& received_uuid,
                                             const std::optional<Uuid>& copy) const {
    const auto oldest = std::find_if(backups.rbegin(), backups.rend(), [&](const Backup& backup) {
        return backup.received_uuid == received_uuid && backup.copy == copy.value_or(backup.copy);
    });
    return oldest == backups.rend() ? std::nullopt : std::optional(*oldest);
}

Inventory take_inventory(const std::filesystem::path& snapshots, bool trust_changed) {
    Inventory inventory;
    for (const auto& entry : sys::entries_of(snapshots, ExitCode::receiving)) {
        look_at(entry, trust_changed, inventory);
    }
    std::sort(inventory.backups.begin(), inventory.backups.end(),
              [](const Backup& a, const Backup& b) { return a.arrival > b.arrival; });
    return inventory;
}

}  // namespace snapferry::receive
