#include "snapferry/receive/place/parents.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {
namespace {

std::optional<Parent> find_parent(const Uuid& received_uuid, const std::optional<Uuid>& copy,
                                  const Parents& parents) {
    if (const auto own = parents.inventory.find_parent(received_uuid, copy)) {
        return Parent{*own, own->copy, parents.snapshots / own->name.text()};
    }
    if (const auto other = find_stand_in(parents.derived, received_uuid, copy)) {
        return Parent{other->backup, other->stands_for, other->place};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Parent> parent_of(const stream::StreamIdentity& identity,
                                const std::optional<Uuid>& copy, const Parents& parents) {
    if (!identity.parent_uuid) {
        return std::nullopt;
    }
    auto parent = find_parent(*identity.parent_uuid, copy, parents);
    if (!parent && copy && parents.inventory.has(*identity.parent_uuid)) {
        throw Failure(ExitCode::no_parent,
                      fmt::format("the parent of {} is not here: no backup with the received uuid "
                                  "{} is the copy {}",
                                  identity.name.text(), identity.parent_uuid->text(), copy->text()),
                      "send it in full, or from a copy that is in the list");
    }
    if (!parent) {
        throw Failure(
            ExitCode::no_parent,
            fmt::format("the parent of {} is not here: no backup has the received uuid {}",
                        identity.name.text(), identity.parent_uuid->text()),
            "send it in full, or from a parent that is in the list");
    }
    return parent;
}

Uuid bring_in(const Parent& parent, const Staging& room, bool trust_changed) {
    const auto& path = parent.place;
    const auto& name = parent.backup.name.text();
    const auto alias_uuid = room.make_alias(path);
    // A change that was in no transaction when the inventory was taken: the alias has it now.
    const auto info = btrfs::subvolume_info(path);
    const auto alias = btrfs::subvolume_info(room.entry(Staging::alias_name));
    if (!trust_changed && (!info || was_changed_after_promotion(*info))) {
        throw Failure(ExitCode::receiving,
                      fmt::format("{} was changed after it arrived: nothing is built on it", name),
                      "run it again: then another parent is chosen");
    }
    if (!alias || alias->parent_uuid != parent.backup.copy) {
        throw Failure(ExitCode::receiving,
                      fmt::format("{} was exchanged for another while it was looked at", name),
                      "run it again");
    }
    return alias_uuid;
}

}  // namespace snapferry::receive
