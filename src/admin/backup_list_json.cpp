#include "json_text.h"
#include "snapferry/admin/backup_list.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

Json time_json(const std::optional<std::chrono::sys_seconds>& time) {
    return time ? Json(sys::local_time_iso(*time)) : Json(nullptr);
}

Json backup_json(const ListedBackup& listed) {
    const auto& [backup, keep, reason, goes_when] = listed.decision;
    return {{"name", backup.name.text()},
            {"uuid", backup.received_uuid.text()},
            {"copy", backup.copy.text()},
            {"taken", time_json(time_in_name(backup.name.text()))},
            {"arrived", time_json(listed.arrived)},
            {"new_bytes", listed.new_bytes ? Json(*listed.new_bytes) : Json(nullptr)},
            {"locked", backup.locked},
            {"keep", keep},
            {"reason", reason.empty() ? Json(nullptr) : Json(reason)},
            {"goes_when", keep && !goes_when.empty() ? Json(goes_when) : Json(nullptr)}};
}

Json tags_json(std::span<const ListedTag> tags) {
    auto list = Json::array();
    for (const auto& tag : tags) {
        auto backups = Json::array();
        for (const auto& listed : tag.backups) {
            backups.push_back(backup_json(listed));
        }
        list.push_back({{"tag", tag.tag},
                        {"policy", tag.policy},
                        {"held", tag.held},
                        {"backups", std::move(backups)}});
    }
    return list;
}

}  // namespace

std::string backup_list_json(std::span<const ListedTag> tags, const ListedDisk& disk) {
    return text_of({{"free_bytes", disk.free},
                    {"total_bytes", disk.total},
                    {"scrubbed", time_json(disk.scrubbed)},
                    {"tags", tags_json(tags)}});
}

std::string prune_plan_json(std::span<const ListedTag> tags) {
    return text_of({{"tags", tags_json(tags)}});
}

}  // namespace snapferry::admin
