#include "snapferry/core/checksum/crc32c_table.h"

#include <array>

#include "../stream/little_endian.h"

namespace snapferry::stream {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // Castagnoli's, its bits reversed; RFC 3720, B.4

constexpr std::size_t step = 8;  // bytes at a time

/// [n][value]: what a byte of that value does to the sum once n more bytes have followed it.
using Table = std::array<std::array<std::uint32_t, 256>, step>;

constexpr Table make_table() {
    Table table{};
    for (std::uint32_t value = 0; value < 256; ++value) {
        auto sum = value;
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum & 1U) != 0 ? (sum >> 1U) ^ polynomial : sum >> 1U;
        }
        table[0][value] = sum;
    }
    for (std::size_t after = 1; after < step; ++after) {
        for (std::size_t value = 0; value < 256; ++value) {
            const auto before = table[after - 1][value];
            table[after][value] = (before >> 8U) ^ table[0][before & 0xffU];
        }
    }
    return table;
}

constexpr Table table = make_table();

}  // namespace

std::uint32_t crc32c_by_table(std::span<const std::byte> bytes, std::uint32_t crc) {
    for (; bytes.size() >= step; bytes = bytes.subspan(step)) {
        const auto low = load_little_endian<std::uint32_t>(bytes) ^ crc;
        const auto high = load_little_endian<std::uint32_t>(bytes.subspan(4));
        crc = table[7][low & 0xffU] ^ table[6][(low >> 8U) & 0xffU] ^
              table[5][(low >> 16U) & 0xffU] ^ table[4][low >> 24U] ^ table[3][high & 0xffU] ^
              table[2][(high >> 8U) & 0xffU] ^ table[1][(high >> 16U) & 0xffU] ^
              table[0][high >> 24U];
    }
    for (const auto byte : bytes) {
        crc = (crc >> 8U) ^ table[0][(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xffU];
    }
    return crc;
}

}  // namespace snapferry::stream
