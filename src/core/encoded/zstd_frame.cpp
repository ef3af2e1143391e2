#include "snapferry/core/encoded/zstd_frame.h"

#include <algorithm>
#include <array>

namespace snapferry {

bool begins_zstd_frame(std::span<const std::byte> data) {
    constexpr std::array magic{std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};
    return data.size() >= magic.size() && std::equal(magic.begin(), magic.end(), data.begin());
}

}  // namespace snapferry
