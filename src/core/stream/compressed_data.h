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

}  // namespace snapferry::stream
