#include "snapferry/receive/staging.h"

#include <fmt/format.h>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/encoded_data.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/random_uuid.h"

namespace snapferry::receive {

void Staging::make() const {
    if (!std::filesystem::exists(std::filesystem::symlink_status(path_))) {
        btrfs::create_subvolume(path_);
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    }
    if (std::filesystem::is_symlink(path_) || !btrfs::subvolume_info(path_)) {
        throw Failure(ExitCode::configuration,
                      escape_text(path_.native()) + " is in the way: it is not a subvolume",
                      "look what it is, and move it elsewhere");
    }
}

bool Staging::empty(const std::set<std::string>& but) const {
    bool anything = false;
    if (!std::filesystem::exists(path_)) {
        return anything;
    }
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
        if (but.contains(entry.path().filename().native())) {
            continue;
        }
        anything = true;
        if (!entry.is_symlink() && btrfs::subvolume_info(entry.path())) {
            btrfs::delete_subvolume(entry.path());
        } else {
            std::filesystem::remove_all(entry.path());
        }
    }
    return anything;
}

Uuid Staging::make_alias(const std::filesystem::path& parent) const {
    const auto alias = entry(alias_name);
    const auto uuid = sys::random_uuid();
    btrfs::create_snapshot(parent, alias, false);
    btrfs::set_received_uuid(alias, uuid, 0);
    btrfs::set_read_only(alias, true);
    return uuid;
}

bool Staging::holds(const std::string& name, const Uuid& received_uuid) const {
    const auto info = btrfs::subvolume_info(entry(name));
    return info && info->read_only && info->received_uuid == received_uuid;
}

void Staging::rename_received(const std::string& name, const Uuid& uuid,
                              std::uint64_t sender_transid) const {
    btrfs::set_read_only(entry(name), false);
    btrfs::set_received_uuid(entry(name), uuid, sender_transid);
    btrfs::set_read_only(entry(name), true);
}

void Staging::require_durable(const std::string& name, const stream::EncodedRanges& encoded) const {
    disk_.require();
    const auto file = file_without_its_data(entry(name), encoded);
    if (!file.empty()) {
        disk_.lost(fmt::format("compressed data of {} could not be written", file));
    }
}

void Staging::require_only(const std::set<std::string>& names) const {
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
        const auto name = entry.path().filename().native();
        if (!names.contains(name)) {
            throw Failure(
                ExitCode::receiving,
                fmt::format("the stream made {} where it had no business", escape_text(name)));
        }
    }
}

}  // namespace snapferry::receive
