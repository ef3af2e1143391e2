#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/format.h"

namespace snapferry::stream {

struct Attribute {
    AttributeType type{};
    std::span<std::byte> value;
};

/// True where the CRC in the header of a whole command is the one it should carry.
bool has_right_crc(std::span<const std::byte> command);

/// Writes the right CRC into the header of a whole command.
void seal(std::span<std::byte> command);

/// One whole command in the buffer it was read into. Its length, CRC and attribute framing are
/// sound; what it says is not yet checked (see Guard). A view: it lives as long as the bytes do.
class Command {
  public:
    /// Splits the payload into attributes. Throws Refused where they overrun the command, repeat,
    /// are not known or are more than a command has, or where `bytes` is not just one command.
    /// `version` is the stream's.
    Command(std::span<std::byte> bytes, std::uint32_t version);

    [[nodiscard]] CommandType type() const { return type_; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] std::span<const Attribute> attributes() const {
        return std::span{attributes_}.first(attribute_count_);
    }

    /// The attribute's value; nothing where the command has no such attribute.
    [[nodiscard]] std::optional<std::span<std::byte>> find(AttributeType type) const;

    [[nodiscard]] bool crc_is_right() const { return has_right_crc(bytes_); }

    /// Writes the right CRC into the header; call it after a change through find().
    void seal();

  private:
    /// Takes the first attribute off `payload`.
    Attribute split(std::span<std::byte>& payload, std::uint32_t version) const;
    void add(const Attribute& attribute);

    std::span<std::byte> bytes_;
    CommandType type_{};
    std::array<Attribute, max_attributes> attributes_;
    std::size_t attribute_count_ = 0;
};

/// Bytes of disk that a command takes without bringing them: FALLOCATE's, but for holes. 0 for any
/// other. The guard has passed it.
std::uint64_t preallocated_size(const Command& command);

/// Appends one command to `out`, attribute by attribute; finish() writes its length and CRC.
class CommandWriter {
  public:
    /// `version` is the stream's: from 2 on DATA has no length, and must be the last.
    CommandWriter(std::vector<std::byte>& out, CommandType type, std::uint32_t version = 1);
    CommandWriter& bytes(AttributeType type, std::span<const std::byte> value);
    CommandWriter& text(AttributeType type, std::string_view value);
    CommandWriter& uuid(AttributeType type, const Uuid& value);
    CommandWriter& number32(AttributeType type, std::uint32_t value);
    CommandWriter& number64(AttributeType type, std::uint64_t value);
    void finish();

    /// In place of finish(): the command has DATA of that many bytes too, which is written
    /// elsewhere. Its CRC is zero.
    void finish_before_data(std::size_t size);

  private:
    void begin_attribute(AttributeType type, std::size_t size);

    std::vector<std::byte>& out_;
    std::size_t start_;
    std::uint32_t version_;
};

/// Appends the stream's magic and version to `out`.
void write_stream_header(std::vector<std::byte>& out, std::uint32_t version);

}  // namespace snapferry::stream
