#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace snapferry::stream {

/// crc32c() (crc32c.h) by a table of 8 KiB, eight bytes at a time: for machines that have no isa-l,
/// which knows their processors' own instructions. 1.6 GB/s on an x86 server; a network of one
/// gigabit brings 0.12.
std::uint32_t crc32c_by_table(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace snapferry::stream
