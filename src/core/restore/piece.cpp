#include "snapferry/core/restore/piece.h"

#include <utility>

#include "snapferry/core/failure.h"

namespace snapferry::restore {
namespace {

constexpr std::size_t offset_size = 8;
constexpr std::size_t name_size = 2;
constexpr std::size_t longest_name = 255;  // bytes; XATTR_NAME_MAX
constexpr std::uint64_t largest_file = std::uint64_t{1} << 62;

void append_number(std::string& text, std::uint64_t number, std::size_t size) {
    for (std::size_t place = 0; place < size; ++place) {
        text += static_cast<char>(number >> (8 * place));
    }
}

std::uint64_t number_in(std::span<const std::byte> bytes) {
    std::uint64_t number = 0;
    for (std::size_t place = bytes.size(); place-- > 0;) {
        number = number << 8U | std::to_integer<std::uint64_t>(bytes[place]);
    }
    return number;
}

std::string text_of(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (const auto byte : bytes) {
        text += static_cast<char>(byte);
    }
    return text;
}

[[noreturn]] void refuse() {
    throw Failure(ExitCode::protocol, "the other machine sends what is no piece of a file",
                  "install the same version at both ends");
}

Piece decode_attribute(std::span<const std::byte> payload) {
    if (payload.size() < name_size) {
        refuse();
    }
    const auto size = static_cast<std::size_t>(number_in(payload.first(name_size)));
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
    const auto offset = number_in(payload.first(offset_size));
    if (offset > largest_file) {
        refuse();
    }
    return {PieceKind::data, {}, offset, text_of(payload.subspan(offset_size))};
}

}  // namespace

std::string encode(const Piece& piece) {
    std::string payload;
    if (piece.kind == PieceKind::attribute) {
        append_number(payload, piece.name.size(), name_size);
        payload += piece.name;
    } else if (piece.kind == PieceKind::data) {
        append_number(payload, piece.offset, offset_size);
    }
    payload += piece.bytes;
    std::string text(1, static_cast<char>(piece.kind));
    append_number(text, payload.size(), piece_head_size - 1);
    return text + payload;
}

std::size_t payload_size(const PieceHead& head) {
    const auto size = static_cast<std::size_t>(number_in(std::span(head).subspan(1)));
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
