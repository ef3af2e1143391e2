#include "snapferry/core/checksum/crc32c.h"

#ifdef SNAPFERRY_ISAL

#include <isa-l/crc.h>

#include <algorithm>

namespace snapferry::stream {
namespace {

constexpr std::size_t max_run = std::size_t{1} << 30;  // bytes; isa-l takes the length as an int

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc) {
    while (!bytes.empty()) {
        const auto run = bytes.first(std::min(bytes.size(), max_run));
        // isa-l only reads, but its parameter is not const.
        auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(run.data()));
        crc = crc32_iscsi(data, static_cast<int>(run.size()), crc);
        bytes = bytes.subspan(run.size());
    }
    return crc;
}

}  // namespace snapferry::stream

#else

#include "snapferry/core/checksum/crc32c_table.h"

namespace snapferry::stream {

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc) {
    return crc32c_by_table(bytes, crc);
}

}  // namespace snapferry::stream

#endif
