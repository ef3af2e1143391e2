#pragma once

#include <string>

#include "snapferry/core/past/changes.h"
#include "snapferry/receive/backups/tag_view.h"

namespace snapferry::receive {

/// What changed between two backups at a path (see past::path_within) and below it: by their
/// manifests where both have one that can be read, and else by walking through both. Throws
/// Failure.
past::Changes changes_between(const TagView& view, const Backup& before, const Backup& after,
                              const std::string& path);

}  // namespace snapferry::receive
