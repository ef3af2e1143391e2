#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Finds the commands in a stream that arrives in pieces. Bytes in, commands out: the caller reads
/// straight into space(), so that nothing is copied but the tail of a cut command. Memory is
/// bounded: a length is checked before anything waits for that many bytes.
class Reader {
  public:
    /// bytes; what space() offers at least. A data frame of the wire fits in one.
    static constexpr std::size_t piece = 1024 * 1024;

    Reader();

    /// For the rest of a stream of this version: the bytes from the command boundary at `offset`
    /// on.
    Reader(std::uint32_t version, std::uint64_t offset);

    /// Room for at least `piece` bytes. Ends the life of every Command handed out before. To be
    /// called when next() has nothing more (std::logic_error where too much is left for `piece` to
    /// fit).
    std::span<std::byte> space();

    /// Says that the first `count` bytes of space() have been filled.
    void commit(std::size_t count);

    /// Copies `bytes` (at most `piece`) in: space() and commit() for a caller that has them
    /// elsewhere.
    void push(std::span<const std::byte> bytes);

    /// The next whole command; nothing until more bytes come. The stream header is consumed first,
    /// by itself. Throws Refused for a wrong magic, version, length, command or CRC.
    std::optional<Command> next();

    /// The version in the stream's header; nothing before it has been read.
    [[nodiscard]] std::optional<std::uint32_t> version() const { return version_; }

    /// Bytes of the stream up to the end of the last command that next() returned (or of the
    /// header).
    [[nodiscard]] std::uint64_t offset() const { return offset_; }

    /// True where bytes are waiting that next() has not consumed: after it has returned nothing,
    /// those of a command or header that is not whole.
    [[nodiscard]] bool has_partial_command() const { return begin_ != end_; }

  private:
    [[nodiscard]] std::span<std::byte> waiting();
    void consume(std::size_t count);

    /// Reads the stream header; false until it is whole.
    bool read_stream_header();

    std::unique_ptr<std::byte[]> buffer_;  ///< not zeroed: what is not filled is not read
    std::size_t begin_ = 0;                ///< in buffer_: the first byte that is not consumed
    std::size_t end_ = 0;                  ///< in buffer_: after the last byte committed
    std::uint64_t offset_ = 0;
    std::optional<std::uint32_t> version_;
};

}  // namespace snapferry::stream
