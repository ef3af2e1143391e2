#pragma once

#include <string>

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// Opens a path beneath an open directory, as openat(2) with these flags: never out of it, through
/// no symlink, into no other mount. Empty where that fails, and errno is set.
UniqueFd open_beneath(int directory, const std::string& path, int flags);

}  // namespace snapferry::sys
