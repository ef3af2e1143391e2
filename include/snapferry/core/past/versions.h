#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"

/// What became of a path from backup to backup.
namespace snapferry::past {

/// What something is, as stat(2) tells it without reading it: enough to tell versions apart.
struct Seen {
    manifest::Kind kind = manifest::Kind::file;
    std::uint64_t size = 0;  ///< of a file, bytes
    manifest::Time modified{};

    friend bool operator==(const Seen&, const Seen&) = default;
};

/// A path in one backup.
struct Sighting {
    std::string backup;
    std::optional<Seen> seen;  ///< nothing where it is not in there
};

/// Backups in a row in which a path was the same, or was not.
struct Version {
    std::optional<Seen> seen;  ///< nothing: it was not there
    std::size_t backups = 0;
    std::string first;  ///< of them, the backup that arrived first
    std::string last;

    friend bool operator==(const Version&, const Version&) = default;
};

/// The versions of a path, the oldest first, from its sightings in all backups, the oldest first.
/// That it was not there yet is no version, that it is there no more is the last. None where it was
/// never there.
std::vector<Version> versions_of(std::span<const Sighting> sightings);

}  // namespace snapferry::past
