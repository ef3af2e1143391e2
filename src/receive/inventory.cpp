#include "snapferry/receive/inventory.h"

#include <algorithm>

#include "snapferry/core/escape.h"

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

}  // namespace

bool was_changed_after_promotion(const btrfs::SubvolumeInfo& info) {
    const bool promoted = info.created > info.received;
    return promoted && info.changed > info.created;
}

std::optional<Backup> Inventory::find(const Uuid& received_uuid) const {
    const auto found = std::find_if(backups.begin(), backups.end(), [&](const Backup& backup) {
        return backup.received_uuid == received_uuid;
    });
    return found == backups.end() ? std::nullopt : std::optional(*found);
}

Inventory take_inventory(const std::filesystem::path& snapshots, bool trust_changed) {
    Inventory inventory;
    if (!std::filesystem::exists(snapshots)) {
        return inventory;  // nothing was ever received under this tag
    }
    for (const auto& entry : std::filesystem::directory_iterator(snapshots)) {
        const auto name = entry.path().filename().native();
        const auto info = entry.is_directory() && !entry.is_symlink()
                              ? btrfs::subvolume_info(entry.path())
                              : std::nullopt;
        auto foreign = judge(name, info, trust_changed);
        if (foreign.why.empty()) {
            inventory.backups.push_back({*SnapshotName::parse(name), info->received_uuid, info->id,
                                         info->creation_time, info->uuid});
        } else {
            inventory.foreign.push_back(std::move(foreign));
        }
    }
    std::sort(inventory.backups.begin(), inventory.backups.end(),
              [](const Backup& a, const Backup& b) { return a.arrival > b.arrival; });
    return inventory;
}

}  // namespace snapferry::receive
