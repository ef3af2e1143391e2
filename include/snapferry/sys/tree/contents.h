#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "snapferry/core/manifest/digest.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::sys {

/// Told of bytes as they are read; it may wait, to read no faster than is wanted.
using WhenRead = std::function<void(std::size_t bytes)>;

/// Opens the file that the walk has come to last; reading it leaves no time of access. Throws
/// Failure where it cannot be read, or is not the file that was found.
UniqueFd open_contents(const Walk& walk, const Found& file, ExitCode code);

/// Where contents may come from: what memory holds of a file, or its disk, whatever memory holds.
enum class ReadFrom { memory, disk };

/// SHA-256 of the file that the walk has come to last. Leaves no trace: neither a time of access,
/// nor in memory what was not there. Throws Failure where it cannot be read, or is not the file
/// that was found.
manifest::Digest contents_of(const Walk& walk, const Found& file, ExitCode code,
                             const WhenRead& when_read);

/// The same of an open file, from where it stands to its end. `shown` is what failures call it.
manifest::Digest contents_of(int file, ExitCode code, const std::string& shown,
                             const WhenRead& when_read, ReadFrom from = ReadFrom::memory);

/// Of all extended attributes of what the walk has come to last: for each in the order of its name,
/// the length of the name as four bytes (little-endian), the name, and the value likewise. Nothing
/// where there are none, or the filesystem has no such thing.
std::optional<manifest::Digest> attributes_of(const Walk& walk, const Found& found, ExitCode code);

}  // namespace snapferry::sys
