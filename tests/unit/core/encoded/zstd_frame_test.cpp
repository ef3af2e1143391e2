#include "snapferry/core/encoded/zstd_frame.h"

#include <array>
#include <cstdint>

#include "catch.h"

using snapferry::begins_zstd_frame;

namespace {

std::array<std::byte, 8> beginning(std::uint32_t magic) {
    std::array<std::byte, 8> bytes{};
    for (std::size_t at = 0; at < 4; ++at) {
        bytes.at(at) = static_cast<std::byte>(magic >> (8 * at));
    }
    return bytes;
}

}  // namespace

TEST_CASE("of what libzstd takes, only its present format is taken for zstd") {
    CHECK(begins_zstd_frame(beginning(0xfd2fb528)));
    CHECK(!begins_zstd_frame(beginning(0xfd2fb51e)));  // version 0.1
    for (std::uint32_t legacy = 0xfd2fb522; legacy <= 0xfd2fb527; ++legacy) {
        CHECK(!begins_zstd_frame(beginning(legacy)));  // versions 0.2 to 0.7
    }
    for (std::uint32_t skippable = 0x184d2a50; skippable <= 0x184d2a5f; ++skippable) {
        CHECK(!begins_zstd_frame(beginning(skippable)));
    }
    CHECK(!begins_zstd_frame(beginning(0xec30a437)));  // a dictionary
    CHECK(!begins_zstd_frame({}));
    const auto good = beginning(0xfd2fb528);
    CHECK(!begins_zstd_frame(std::span(good).first(3)));
}
