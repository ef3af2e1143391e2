#pragma once

#include <functional>
#include <vector>

#include "snapferry/core/past/changes.h"

namespace snapferry::past {

using InodeOf = std::function<std::optional<std::uint64_t>(const std::string& path)>;

/// Takes out of both what is one thing under another name.
std::vector<Renamed> take_renames(std::vector<manifest::Entry>& deleted,
                                  const InodeOf& inode_before, std::vector<manifest::Entry>& added,
                                  const InodeOf& inode_after);

}  // namespace snapferry::past
