#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/receive/age/ages.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/btrfs/durability.h"

/// Tags that nobody sends into: read-only snapshots of the first backups of days, weeks, months or
/// years of another tag, made here as they arrive. See docs/design.md, "Derived tags".
namespace snapferry::receive {

/// A derived backup beside the one that it was taken from. The content of both is the same, so
/// where that one is gone it serves as a parent in its stead, under that one's copy.
struct StandIn {
    Backup backup;                ///< `copy` is its own
    Uuid stands_for;              ///< the copy that it was taken from
    std::filesystem::path place;  ///< where it lies
    std::optional<std::uint64_t> files{};
    std::filesystem::path manifest{};  ///< where its manifest is, or would be
};

/// All that were derived from the tag and are there, whose origin is known. Takes no lock.
std::vector<StandIn> find_stand_ins(const Config& config, const Tag& origin);

/// The one that a stream builds on, as Inventory::find_parent() finds it; `copy` is that of the
/// origin.
std::optional<StandIn> find_stand_in(const std::vector<StandIn>& stand_ins,
                                     const Uuid& received_uuid, const std::optional<Uuid>& copy);

/// The tag's backups from which others are derived, its lock held by the user.
struct Origin {
    const Tag& tag;
    const Target& target;
    const Inventory& inventory;
    const ArrivalBook& book;
};

/// Makes what the rules of the tag ask for, and prunes what they no longer keep. What goes wrong
/// with one rule is a warning: the backups that it is about are safe, and the next run tries again.
void derive(const Origin& origin, const Config& config, btrfs::Durability& disk, Log& log);

}  // namespace snapferry::receive
