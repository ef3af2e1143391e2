#pragma once

#include <vector>

#include "snapferry/core/setup/sender/series.h"

namespace snapferry::setup {

/// The snapshots of this machine that could be sent, wherever a btrfs filesystem is mounted. What
/// cannot be looked at is passed over.
std::vector<Series> snapshots_here();

}  // namespace snapferry::setup
