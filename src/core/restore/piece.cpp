#include "snapferry/core/restore/piece.h"

#include <utility>

#include "../stream/little_endian.h"
#include "snapferry/core/failure.h"

namespace snapferry::restore {
namespace {

using stream::load_little_endian;
using stream::store_little_endian;

constexpr std::size_t offset_size = sizeof(std::uint64_t);
constexpr std::size_t name_size = sizeof(std::uint16_t);
constexpr std::size_t longest_name = 255;  // bytes; XATTR_NAME_MAX
constexpr std::uint64_t largest_file = std::uint64_t{1} << 62;

std::string text_of(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (const auto byte : bytes) {
        text += static_cast<char>(byte);
    }
    return text;
}

template <typename Number>
std::string bytes_of(Number number) {
    std::array<std::byte, sizeof number> bytes{};
    store_little_endian(std::span(bytes), number);
    return text_of(bytes);
}

[[noreturn]] void refuse() {
    throw Failure(ExitCode::protocol, "the other machine sends what is no piece of a file",
                  "install the same version at both ends");
}

Piece decode_attribute(std::span<const std::byte> payload) {
    if (payload.size() < name_size) {
        refuse();
    }
    const std::size_t size = load_little_endian<std::uint16_t>(payload);
    payload = payload.subspan(name_size);
    if (size == 0 || size > longest_name || size > payload.size()) {
        refuse();
    }
    auto name = text_of(payload.first(size));
    if (name.find('\0') != std::string::npos) {
        refuse();
    }
    return {PieceKind::attribute, std::move(name), 0, text_of(payload.subspan(size))};
}

Piece decode_data(std::span<const std::byte> payload) {
    if (payload.size() <= offset_size || payload.size() > offset_size + most_data) {
        refuse();
    }
    const auto offset = load_little_endian<std::uint64_t>(payload);
    if (offset > largest_file) {
        refuse();
    }
    return {PieceKind::data, {}, offset, text_of(payload.subspan(offset_size))};
}

}  // namespace

std::string encode(const Piece& piece) {
    std::string payload;
    if (piece.kind == PieceKind::attribute) {
        payload += bytes_of(static_cast<std::uint16_t>(piece.name.size()));
        payload += piece.name;
    } else if (piece.kind == PieceKind::data) {
        payload += bytes_of(piece.offset);
    }
    payload += piece.bytes;
    std::string text(1, static_cast<char>(piece.kind));
    return text + bytes_of(static_cast<std::uint32_t>(payload.size())) + payload;
}

std::size_t payload_size(const PieceHead& head) {
    const std::size_t size = load_little_endian<std::uint32_t>(std::span(head).subspan(1));
    if (size > most_payload) {
        refuse();
    }
    return size;
}

Piece decode(const PieceHead& head, std::span<const std::byte> payload) {
    switch (static_cast<PieceKind>(head[0])) {
        case PieceKind::attribute:
            return decode_attribute(payload);
        case PieceKind::data:
            return decode_data(payload);
        case PieceKind::failed:
            return {PieceKind::failed, {}, 0, text_of(payload)};
        case PieceKind::end:
            if (payload.empty()) {
                return {};
            }
            break;
    }
    refuse();
}

}  // namespace snapferry::restore
