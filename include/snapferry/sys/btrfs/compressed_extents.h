#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace snapferry::btrfs {

/// Bytes of file contents that lie compressed in a subvolume, as they are when unpacked; shared
/// ones as often as they are used. Reads all of its metadata about extents. `go_on` is asked now
/// and then: where it says no, what was found by then is returned. Throws Failure (sending).
std::uint64_t compressed_bytes(const std::filesystem::path& subvolume,
                               const std::function<bool()>& go_on);

/// True where what is written to a btrfs of this machine may be stored compressed: one is mounted
/// so, or the directory has the property.
bool may_compress(const std::filesystem::path& directory);

}  // namespace snapferry::btrfs
