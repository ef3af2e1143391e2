#pragma once

#include <optional>

#include "snapferry/core/disk/progs_version.h"

namespace snapferry::btrfs {

/// The version of the btrfs-progs that are installed; nothing where they say something else than
/// all versions so far. Throws Failure (configuration) where there are none.
std::optional<ProgsVersion> progs_version();

}  // namespace snapferry::btrfs
