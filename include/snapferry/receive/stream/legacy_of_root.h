#pragma once

#include <filesystem>

#include "snapferry/core/stream/root_legacy.h"

namespace snapferry::receive {

/// What the directory would hand on to files made in it (see RootLegacy). Throws Failure
/// (receiving) where that cannot be read.
stream::Xattrs legacy_of_root(const std::filesystem::path& directory);

}  // namespace snapferry::receive
