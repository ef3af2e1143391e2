#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace snapferry::stream {

/// CRC-32C as the send stream uses it: seed 0 and no final inversion. `crc` continues a sum.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace snapferry::stream
