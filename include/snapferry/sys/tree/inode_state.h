#pragma once

#include <optional>

#include "snapferry/core/manifest/digest_record.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::sys {

/// The state of the inode that the walk has come to last; nothing where its generation cannot be
/// known, as on any filesystem but btrfs.
std::optional<manifest::InodeState> state_of(const Walk& walk, const Found& found);

}  // namespace snapferry::sys
