#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// The framing of docs/protocol.md: a greeting from each side, then frames.
namespace snapferry::wire {

/// Both sides' first bytes. As long as a raw stream's magic, so that one read tells them apart.
inline constexpr std::string_view greeting{"snapferry/1\r\n", 13};

/// bytes: type, three zeros, le32 length of the payload
inline constexpr std::size_t frame_header_size = 8;

inline constexpr std::size_t max_message = 1024 * 1024;  // bytes of JSON
inline constexpr std::size_t max_data = 1024 * 1024;     // bytes of stream, as they travel

enum class FrameType : std::uint8_t {
    message = 1,          ///< one JSON object
    data = 2,             ///< bytes of the stream
    compressed_data = 3,  ///< bytes of the stream as one zstd frame; see compression.h
};

struct FrameHeader {
    FrameType type;
    std::uint32_t length;  ///< bytes of payload that follow
};

/// Throws Failure (protocol) for an unknown type, non-zero padding or a length over the type's
/// limit.
FrameHeader decode_frame_header(std::span<const std::byte, frame_header_size> bytes);

std::array<std::byte, frame_header_size> encode_frame_header(FrameHeader header);

/// Finds the frames in bytes that arrive in pieces. Memory is bounded by the limits above.
class FrameReader {
  public:
    struct Frame {
        FrameType type;
        std::vector<std::byte> payload;
    };

    void push(std::span<const std::byte> bytes);

    /// The next whole frame, or nothing yet. Throws as decode_frame_header does.
    std::optional<Frame> next();

    /// True where part of a frame is waiting for the rest.
    [[nodiscard]] bool has_partial_frame() const { return !buffer_.empty(); }

  private:
    std::vector<std::byte> buffer_;
};

}  // namespace snapferry::wire
