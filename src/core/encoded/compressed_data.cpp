#include "compressed_data.h"

#include <lzo/lzo1x.h>
#include <zstd.h>

#include <array>
#include <optional>

#include "../stream/little_endian.h"
#include "snapferry/core/encoded/zstd_frame.h"

namespace snapferry::stream {
namespace {

constexpr std::size_t length_size = sizeof(std::uint32_t);

/// The length at `place`; nothing where the data ends before.
std::optional<std::size_t> length_at(std::span<const std::byte> data, std::size_t place) {
    if (place > data.size() || data.size() - place < length_size) {
        return std::nullopt;
    }
    return load_little_endian<std::uint32_t>(data.subspan(place));
}

/// Bytes that the segment unpacks to; nothing where it does not, or to more than `room`.
std::optional<std::size_t> unpacked_size(std::span<const std::byte> segment,
                                         std::span<unsigned char> room) {
    const auto* const packed = reinterpret_cast<const unsigned char*>(segment.data());
    lzo_uint size = room.size();
    const int result = lzo1x_decompress_safe(packed, segment.size(), room.data(), &size, nullptr);
    return result == LZO_E_OK ? std::optional<std::size_t>(size) : std::nullopt;
}

}  // namespace

bool is_zstd(std::span<const std::byte> data) {
    return begins_zstd_frame(data) &&
           ZSTD_isError(ZSTD_findFrameCompressedSize(data.data(), data.size())) == 0;
}

bool is_zlib(std::span<const std::byte> data) {
    if (data.size() < 2) {
        return false;
    }
    const auto method = std::to_integer<unsigned>(data[0]);
    const auto flags = std::to_integer<unsigned>(data[1]);
    constexpr unsigned deflate = 8;
    return (method & 0xf) == deflate && (method * 256 + flags) % 31 == 0;
}

// A le32 with the length of the whole, itself counted, then segments: a le32 length and that many
// bytes, which unpack to a sector at most. A length that would cross the end of a sector stands at
// the begin of the next.
bool is_lzo(std::span<const std::byte> data, std::size_t sector, std::size_t most_unpacked) {
    const std::size_t length = length_at(data, 0).value_or(0);
    if (length > data.size()) {
        return false;
    }
    const auto extent = data.first(length);
    std::array<unsigned char, max_lzo_sector> room;  // not zeroed: it is only written to
    std::size_t unpacked = 0;
    for (std::size_t place = length_size; place < length;) {
        const std::size_t left_in_sector = (sector - place % sector) % sector;
        if (left_in_sector < length_size) {
            place += left_in_sector;
        }
        if (place >= length) {
            break;
        }
        const auto size = length_at(extent, place);
        place += length_size;
        if (!size || *size > length - place) {
            return false;
        }
        const auto more =
            unpacked_size(extent.subspan(place, *size), std::span(room).first(sector));
        if (!more || *more > most_unpacked - unpacked) {
            return false;
        }
        unpacked += *more;
        place += *size;
    }
    return unpacked > 0;
}

}  // namespace snapferry::stream
