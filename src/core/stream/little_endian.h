#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

/// Numbers as the send stream has them, whatever the machine's own order.
namespace snapferry::stream {

/// Needs at least sizeof(Number) bytes.
template <typename Number>
Number load_little_endian(std::span<const std::byte> bytes) {
    static_assert(std::is_unsigned_v<Number>);
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number = static_cast<Number>(number | std::to_integer<Number>(bytes[i]) << (8 * i));
    return number;
}

/// Needs at least sizeof(Number) bytes.
template <typename Number>
void store_little_endian(std::span<std::byte> bytes, Number number) {
    static_assert(std::is_unsigned_v<Number>);
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes[i] = static_cast<std::byte>((number >> (8 * i)) & 0xff);
}

template <typename Number>
void append_little_endian(std::vector<std::byte>& out, Number number) {
    const auto start = out.size();
    out.resize(start + sizeof(Number));
    store_little_endian(std::span{out}.subspan(start), number);
}

}  // namespace snapferry::stream
