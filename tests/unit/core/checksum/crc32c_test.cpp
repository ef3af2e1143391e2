#include "snapferry/core/checksum/crc32c.h"

#include <string_view>
#include <vector>

#include "catch.h"
#include "snapferry/core/checksum/crc32c_table.h"

using snapferry::stream::crc32c;
using snapferry::stream::crc32c_by_table;

namespace {

using Sum = std::uint32_t (*)(std::span<const std::byte>, std::uint32_t);

/// Which one the programs take depends on the machine that they are built for.
Sum either_way() {
    return GENERATE(Sum{crc32c}, Sum{crc32c_by_table});
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

std::vector<std::byte> some_bytes(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + i / 256);
    return bytes;
}

std::uint32_t with_inversions(Sum sum, std::span<const std::byte> bytes) {
    return sum(bytes, 0xffffffff) ^ 0xffffffff;
}

}  // namespace

TEST_CASE("the stream's CRC is CRC-32C without the inversions") {
    const auto sum = either_way();
    // The published check value of CRC-32C, reached by adding both inversions.
    CHECK(with_inversions(sum, bytes_of("123456789")) == 0xe3069283);
    CHECK(sum(bytes_of("123456789"), 0) == 0x58e3fa20);
}

TEST_CASE("the CRC is what RFC 3720 has as examples") {
    const auto sum = either_way();
    std::vector<std::byte> ascending(32);
    for (std::size_t i = 0; i < ascending.size(); ++i)
        ascending[i] = static_cast<std::byte>(i);
    CHECK(with_inversions(sum, std::vector<std::byte>(32)) == 0x8a9136aa);
    CHECK(with_inversions(sum, std::vector<std::byte>(32, std::byte{0xff})) == 0x62a8ab43);
    CHECK(with_inversions(sum, ascending) == 0x46dd794e);
    CHECK(with_inversions(sum, std::vector(ascending.rbegin(), ascending.rend())) == 0x113fdb5c);
}

TEST_CASE("the CRC of nothing is the CRC so far") {
    const auto sum = either_way();
    CHECK(sum({}, 0) == 0);
    CHECK(sum({}, 0x12345678) == 0x12345678);
}

TEST_CASE("a CRC can be continued at any point") {
    const auto sum = either_way();
    const auto bytes = some_bytes(300);
    const auto whole = sum(bytes, 0);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        CHECK(sum(std::span{bytes}.subspan(cut), sum(std::span{bytes}.first(cut), 0)) == whole);
}

TEST_CASE("every machine has the same CRC, of any length and wherever in memory") {
    const auto bytes = some_bytes(1200);
    for (std::size_t begin = 0; begin < 16; ++begin) {
        for (std::size_t count = 0; begin + count <= bytes.size(); count += count < 40 ? 1 : 37) {
            const auto part = std::span{bytes}.subspan(begin, count);
            REQUIRE(crc32c(part, 0x9abcdef0) == crc32c_by_table(part, 0x9abcdef0));
        }
    }
}
