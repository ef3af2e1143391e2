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

/// Opens the file that the walk has come to last, to read it without a trace. Throws Failure where
/// it cannot be opened, or is not the file that was found.
UniqueFd open_contents(const Walk& walk, const Found& file, ExitCode code);

/// Where contents may come from: what memory holds of a file, or its disk, whatever memory holds.
enum class ReadFrom { memory, disk };

/// SHA-256 of an open file of about `size` bytes, called `shown` in messages. Memory holds of it
/// afterwards what it held before. Throws Failure where it cannot be read.
manifest::Digest digest_of(int file, std::uint64_t size, const std::string& shown, ExitCode code,
                           const WhenRead& when_read, ReadFrom from);

/// Both in one, from wherever it comes.
manifest::Digest contents_of(const Walk& walk, const Found& file, ExitCode code,
                             const WhenRead& when_read);

/// Of all extended attributes of what the walk has come to last: for each in the order of its name,
/// the length of the name as four bytes (little-endian), the name, and the value likewise. Nothing
/// where there are none, or the filesystem has no such thing.
std::optional<manifest::Digest> attributes_of(const Walk& walk, const Found& found, ExitCode code);

}  // namespace snapferry::sys
