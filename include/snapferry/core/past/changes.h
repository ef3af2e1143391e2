#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/manifest/difference.h"
#include "snapferry/core/manifest/entry.h"

/// What changed from one backup to another.
namespace snapferry::past {

struct Changed {
    std::string path;
    std::vector<manifest::Aspect> aspects;  ///< without missing and extra
};

struct Renamed {
    std::string from;
    std::string to;

    friend bool operator==(const Renamed&, const Renamed&) = default;
};

/// Each in the order of the paths.
struct Changes {
    std::vector<std::string> added;
    std::vector<std::string> deleted;
    std::vector<Changed> changed;
    std::vector<Renamed> renamed;
};

/// One of the two backups.
struct Side {
    /// Its entries, as manifest::Next has them.
    std::function<std::optional<manifest::Entry>()> next;
    /// Digest of the file that next() has told of last; where entries have their own, not needed.
    std::function<manifest::Digest()> contents;
    /// The inode behind a path; nothing where it cannot be told.
    std::function<std::optional<std::uint64_t>(const std::string& path)> inode;
};

/// Compares two backups. Contents are read only where nothing else tells: of files of one size
/// whose times differ and that have no digest. That the time of a directory has moved says nothing
/// more than its entries do, and is left out. A rename is what has kept inode, kind, size and time,
/// or is the only file with its contents on either side; what moved with its directory is not
/// named.
Changes changes_between(const Side& before, const Side& after);

}  // namespace snapferry::past
