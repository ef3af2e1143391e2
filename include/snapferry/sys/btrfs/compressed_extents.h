#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace snapferry::btrfs {

/// File contents that lie compressed in a subvolume; shared ones as often as they are used. bytes.
struct CompressedData {
    std::uint64_t unpacked = 0;
    std::uint64_t as_it_lies = 0;
};

/// Of what was written in a later transaction than `since` (0: of all). Reads all of its metadata
/// about extents that is as young. `go_on` is asked now and then: where it says no, what was found
/// by then is returned. Throws Failure (sending).
CompressedData compressed_data(const std::filesystem::path& subvolume, std::uint64_t since,
                               const std::function<bool()>& go_on);

/// True where what is written to a btrfs of this machine may be stored compressed: one is mounted
/// so, or the directory has the property.
bool may_compress(const std::filesystem::path& directory);

}  // namespace snapferry::btrfs
