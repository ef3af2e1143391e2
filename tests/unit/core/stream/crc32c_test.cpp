#include "snapferry/core/stream/crc32c.h"

#include <string_view>
#include <vector>

#include "catch.h"

using snapferry::stream::crc32c;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

}  // namespace

TEST_CASE("the stream's CRC is CRC-32C without the inversions") {
    // The published check value of CRC-32C, reached by adding both inversions.
    CHECK((crc32c(bytes_of("123456789"), 0xffffffff) ^ 0xffffffff) == 0xe3069283);
    CHECK(crc32c(bytes_of("123456789")) == 0x58e3fa20);
}

TEST_CASE("the CRC of nothing is the CRC so far") {
    CHECK(crc32c({}) == 0);
    CHECK(crc32c({}, 0x12345678) == 0x12345678);
}

TEST_CASE("a CRC can be continued at any point") {
    std::vector<std::byte> bytes(300);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 7);
    const auto whole = crc32c(bytes);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        CHECK(crc32c(std::span{bytes}.subspan(cut), crc32c(std::span{bytes}.first(cut))) == whole);
}
