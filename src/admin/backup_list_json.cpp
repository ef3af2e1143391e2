#include "json_text.h"
#include "snapferry/admin/backup_list.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

Json time_json(const std::optional<std::chrono::sys_seconds>& time) {
    return time ? Json(sys::local_time_iso(*time)) : Json(nullptr);
}

std::string_view state_of(const proof::CopyProof& proof) {
    if (proof.differs) {
        return name_of(proof::Outcome::differs);
    }
    return proof.last ? name_of(proof.last->outcome) : "never";
}

Json verification_json(const std::optional<proof::Verification>& verification) {
    if (!verification) {
        return nullptr;
    }
    return {{"at", time_json(verification->when.wall)},
            {"part", verification->part.number},
            {"of", verification->part.of},
            {"differences", verification->differences},
            {"first", verification->first}};
}

Json proof_json(const proof::CopyProof& proof) {
    return {{"state", state_of(proof)},
            {"last", verification_json(proof.last)},
            {"whole", verification_json(proof.whole)},
            {"differs", verification_json(proof.differs)}};
}

Json drill_json(const std::optional<proof::Drill>& drill) {
    if (!drill) {
        return nullptr;
    }
    return {{"at", time_json(drill->when.wall)},
            {"outcome", name_of(drill->outcome)},
            {"backup", drill->backup},
            {"files", drill->files},
            {"bytes", drill->bytes},
            {"first", drill->first}};
}

Json backup_json(const ListedBackup& listed) {
    const auto& [backup, keep, reason, goes_when] = listed.decision;
    return {{"name", backup.name.text()},
            {"uuid", backup.received_uuid.text()},
            {"copy", backup.copy.text()},
            {"taken", time_json(time_in_name(backup.name.text()))},
            {"arrived", time_json(listed.arrived)},
            {"new_bytes", listed.new_bytes ? Json(*listed.new_bytes) : Json(nullptr)},
            {"manifest", listed.has_manifest},
            {"verified", proof_json(listed.proof)},
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
                        {"drill", drill_json(tag.drill)},
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
