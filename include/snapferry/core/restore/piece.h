#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// What travels of an entry that is restored from another machine: docs/protocol.md.
namespace snapferry::restore {

enum class PieceKind : char {
    attribute = 'x',  ///< an extended attribute
    data = 'd',       ///< a part of a file's contents; what no part covers is a hole
    end = 'e',        ///< of the entry
    failed = 'f',     ///< the entry cannot be read, and this is its end
};

struct Piece {
    PieceKind kind = PieceKind::end;
    std::string name{};        ///< of the attribute
    std::uint64_t offset = 0;  ///< of the data in the file
    std::string bytes{};       ///< the attribute's value, the data, or why it failed

    friend bool operator==(const Piece&, const Piece&) = default;
};

inline constexpr std::size_t most_data = std::size_t{256} * 1024;  // bytes of one piece
inline constexpr std::size_t most_payload = most_data + 64;        // bytes behind a head

/// The kind, and how many bytes follow (little-endian).
inline constexpr std::size_t piece_head_size = 5;
using PieceHead = std::array<std::byte, piece_head_size>;

/// The bytes of a piece, its head first.
std::string encode(const Piece& piece);

/// How many bytes follow the head. Throws Failure (protocol) where it is none.
std::size_t payload_size(const PieceHead& head);

/// Throws Failure (protocol) where it is no piece.
Piece decode(const PieceHead& head, std::span<const std::byte> payload);

}  // namespace snapferry::restore
