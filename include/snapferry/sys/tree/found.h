#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"

namespace snapferry::sys {

/// What a look at a place in a tree tells: the entry, but for what has to be read (contents,
/// attributes) or compared with others (groups).
struct Found {
    manifest::Entry entry;
    std::uint64_t inode = 0;
    std::uint64_t links = 1;
    std::uint64_t on_disk = 0;  ///< bytes that it takes there; holes take none
    std::timespec changed{};    ///< the inode itself, or its contents
};

/// What st_mode of stat(2) says.
manifest::Kind kind_of_mode(mode_t mode);

/// Looks at what has this name in an open directory, and follows no symlink. `path` is what the
/// entry is to be called. Nothing where it cannot be looked at, and errno is set.
std::optional<Found> found_at(int directory, const std::string& name, const std::string& path);

/// The names in an open directory, in the order of their bytes; nothing, and errno is set, where it
/// cannot be read.
std::optional<std::vector<std::string>> names_in(int descriptor);

}  // namespace snapferry::sys
