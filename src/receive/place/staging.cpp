#include "snapferry/receive/place/staging.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/stream/encoded_data.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/machine/random_uuid.h"

namespace snapferry::receive {
namespace {

constexpr unsigned for_root_alone = 0700;

}  // namespace

void Staging::make() const {
    if (!sys::kind_of(path_)) {
        btrfs::create_subvolume(path_);
    }
    if (!btrfs::subvolume_info(path_)) {
        throw Failure(ExitCode::configuration,
                      escape_text(path_.native()) + " is in the way: it is not a subvolume",
                      "look what it is, and move it elsewhere");
    }
    sys::Directory::open(path_, ExitCode::configuration).set_mode(for_root_alone);
}

bool Staging::empty(const std::set<std::string>& but) const {
    bool anything = false;
    for (const auto& entry : sys::entries_of(path_, ExitCode::receiving)) {
        if (but.contains(entry.name)) {
            continue;
        }
        anything = true;
        if (btrfs::subvolume_info(entry.path)) {
            btrfs::delete_subvolume(entry.path);
        } else {
            sys::delete_tree(entry.path, ExitCode::receiving);
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
    for (const auto& entry : sys::entries_of(path_, ExitCode::receiving)) {
        if (!names.contains(entry.name)) {
            throw Failure(ExitCode::receiving,
                          fmt::format("the stream made {} where it had no business",
                                      escape_text(entry.name)));
        }
    }
}

}  // namespace snapferry::receive
