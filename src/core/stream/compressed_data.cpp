#include "compressed_data.h"

#include <zstd.h>

namespace snapferry::stream {

bool is_zstd(std::span<const std::byte> data) {
    return ZSTD_isError(ZSTD_findFrameCompressedSize(data.data(), data.size())) == 0;
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

}  // namespace snapferry::stream
