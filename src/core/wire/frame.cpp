#include "snapferry/core/wire/frame.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"

namespace snapferry::wire {
namespace {

std::size_t limit_of(FrameType type) {
    switch (type) {
        case FrameType::message:
            return max_message;
        case FrameType::data:
        case FrameType::compressed_data:
            return max_data;
    }
    throw Failure(ExitCode::protocol, fmt::format("the other side sent a frame of unknown type {}",
                                                  static_cast<unsigned>(type)));
}

}  // namespace

FrameHeader decode_frame_header(std::span<const std::byte, frame_header_size> bytes) {
    const FrameHeader header{static_cast<FrameType>(bytes[0]),
                             std::to_integer<std::uint32_t>(bytes[4]) |
                                 std::to_integer<std::uint32_t>(bytes[5]) << 8 |
                                 std::to_integer<std::uint32_t>(bytes[6]) << 16 |
                                 std::to_integer<std::uint32_t>(bytes[7]) << 24};
    if (header.length > limit_of(header.type)) {
        throw Failure(ExitCode::protocol,
                      fmt::format("the other side sent a frame of {} bytes, more than is allowed",
                                  header.length));
    }
    if ((bytes[1] | bytes[2] | bytes[3]) != std::byte{0}) {
        throw Failure(ExitCode::protocol, "the other side sent a frame header that is not sound");
    }
    return header;
}

std::array<std::byte, frame_header_size> encode_frame_header(FrameHeader header) {
    const auto byte = [&](unsigned shift) {
        return static_cast<std::byte>((header.length >> shift) & 0xff);
    };
    return {static_cast<std::byte>(header.type), {}, {}, {}, byte(0), byte(8), byte(16), byte(24)};
}

void FrameReader::push(std::span<const std::byte> bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<FrameReader::Frame> FrameReader::next() {
    if (buffer_.size() < frame_header_size) {
        return std::nullopt;
    }
    const auto header = decode_frame_header(std::span(buffer_).first<frame_header_size>());
    if (buffer_.size() - frame_header_size < header.length) {
        return std::nullopt;
    }
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(frame_header_size);
    const auto end = begin + static_cast<std::ptrdiff_t>(header.length);
    Frame frame{header.type, {begin, end}};
    buffer_.erase(buffer_.begin(), end);
    return frame;
}

}  // namespace snapferry::wire
