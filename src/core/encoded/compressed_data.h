#pragma once

#include <cstddef>
#include <span>

/// Whether an extent's compressed data is of the kind it says. The kernel stores encoded writes
/// unread, so that what is not would only be found when the file is read.
namespace snapferry::stream {

/// One whole zstd frame first, whatever (the padding to a sector) follows.
bool is_zstd(std::span<const std::byte> data);

/// A zlib stream's header (RFC 1950).
bool is_zlib(std::span<const std::byte> data);

/// btrfs' own LZO container (Linux fs/btrfs/lzo.c), unpacked to see that it stays within
/// `most_unpacked` bytes: where the kernel cannot store it as it is, `btrfs receive` unpacks it
/// sector by sector and looks at the room left only between two of them. `sector` is in bytes, at
/// most max_lzo_sector.
bool is_lzo(std::span<const std::byte> data, std::size_t sector, std::size_t most_unpacked);

inline constexpr std::size_t max_lzo_sector = std::size_t{64} * 1024;  // bytes

}  // namespace snapferry::stream
