#pragma once

#include <filesystem>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/restore/offer.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::restore {

/// Where a whole backup comes back to.
struct Places {
    std::filesystem::path into;  ///< the directory of the snapshots
    std::filesystem::path as;    ///< the writable copy
};

/// Throws Failure where the places cannot do: no absolute paths, not of one btrfs, `as` is in the
/// way or lies among the snapshots. Makes nothing.
void require_usable(const Places& places);

/// The room in which what comes is received, until it is whole:
/// INTO/.snapferry/.restore.TAG. No tag begins with a dot.
std::filesystem::path room_of(const Places& places, const Tag& tag);

/// Makes that room, for root alone, and says how it is received into. Nothing is pruned there.
receive::Config prepared_room(const Places& places, const Tag& tag);

/// All that is left of it goes.
void remove_room(const Places& places, const Tag& tag);

/// The read-only snapshot of the backup is there already. Throws Failure (configuration) where
/// something else has its name.
bool is_back(const Places& places, const Offer& offer);

/// Makes the backup that has arrived in the room a snapshot at INTO/NAME, durably.
void settle(const Places& places, const Offer& offer);

/// Throws Failure (configuration) where what is at `as` is neither nothing, nor an empty directory,
/// nor a writable copy that was made of the snapshot before. True for the last.
bool is_writable_copy(const Places& places, const Offer& offer);

/// A writable copy of the snapshot at `as`. It does not carry the uuid that the backup goes by.
void make_writable_copy(const Places& places, const Offer& offer);

}  // namespace snapferry::restore
