#pragma once

#include <cstddef>
#include <span>

namespace snapferry {

/// True where the bytes begin as a frame of zstd's own format does (RFC 8878, 3.1.1). libzstd takes
/// more, by default and in Debian's build: frames of its seven formats before version 0.8, whose
/// decoders nobody looks after, and skippable frames, which unpack to nothing. To be asked before
/// libzstd sees anything that comes from elsewhere.
bool begins_zstd_frame(std::span<const std::byte> data);

}  // namespace snapferry
