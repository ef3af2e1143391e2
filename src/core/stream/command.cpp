#include "snapferry/core/stream/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "little_endian.h"
#include "snapferry/core/checksum/crc32c.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"

namespace snapferry::stream {
namespace {

constexpr std::size_t attribute_type_size = 2;  // bytes
constexpr std::size_t max_value_size = 0xffff;  // bytes; the length is a le16

bool has_no_length(AttributeType type, std::uint32_t version) {
    return version >= 2 && type == AttributeType::data;
}

std::span<const std::byte> as_byte_span(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

std::uint32_t crc_of_command(std::span<const std::byte> command) {
    std::array<std::byte, command_header_size> header{};
    std::copy_n(command.begin(), command_crc_position, header.begin());
    return crc32c(command.subspan(command_header_size), crc32c(header));
}

}  // namespace

bool has_right_crc(std::span<const std::byte> command) {
    return load_little_endian<std::uint32_t>(command.subspan(command_crc_position)) ==
           crc_of_command(command);
}

void seal(std::span<std::byte> command) {
    store_little_endian(command.subspan(command_crc_position), crc_of_command(command));
}

Command::Command(std::span<std::byte> bytes, std::uint32_t version) : bytes_(bytes) {
    if (bytes.size() < command_header_size ||
        load_little_endian<std::uint32_t>(bytes) != bytes.size() - command_header_size)
        throw Refused("a command is not as long as it says");
    type_ = CommandType{load_little_endian<std::uint16_t>(bytes.subspan(command_type_position))};

    auto payload = bytes.subspan(command_header_size);
    while (!payload.empty())
        add(split(payload, version));
}

Attribute Command::split(std::span<std::byte>& payload, std::uint32_t version) const {
    if (payload.size() < attribute_type_size)
        throw Refused(fmt::format("the command {} ends within an attribute", name_of(type_)));
    const AttributeType type{load_little_endian<std::uint16_t>(payload)};
    auto header_size = attribute_type_size;
    auto size = payload.size() - header_size;
    if (!has_no_length(type, version)) {
        header_size = attribute_header_size;
        if (payload.size() < header_size)
            throw Refused(fmt::format("the command {} ends within an attribute", name_of(type_)));
        size = load_little_endian<std::uint16_t>(payload.subspan(attribute_type_size));
    }
    if (size > payload.size() - header_size)
        throw Refused(fmt::format("the attribute {} of the command {} is longer than the command",
                                  name_of(type), name_of(type_)));
    const Attribute attribute{type, payload.subspan(header_size, size)};
    payload = payload.subspan(header_size + size);
    return attribute;
}

void Command::add(const Attribute& attribute) {
    if (attribute.type < AttributeType::uuid || attribute.type > last_attribute)
        throw Refused(fmt::format("the command {} has the unknown attribute {}", name_of(type_),
                                  static_cast<unsigned>(attribute.type)));
    if (find(attribute.type))
        throw Refused(fmt::format("the command {} has the attribute {} twice", name_of(type_),
                                  name_of(attribute.type)));
    if (attribute_count_ == max_attributes)
        throw Refused(fmt::format("the command {} has more than {} attributes", name_of(type_),
                                  max_attributes));
    attributes_[attribute_count_++] = attribute;
}

std::optional<std::span<std::byte>> Command::find(AttributeType type) const {
    for (const auto& attribute : attributes())
        if (attribute.type == type)
            return attribute.value;
    return std::nullopt;
}

void Command::seal() {
    stream::seal(bytes_);
}

CommandWriter::CommandWriter(std::vector<std::byte>& out, CommandType type, std::uint32_t version)
    : out_(out), start_(out.size()), version_(version) {
    out_.resize(start_ + command_header_size);
    store_little_endian(std::span{out_}.subspan(start_ + command_type_position),
                        static_cast<std::uint16_t>(type));
}

void CommandWriter::begin_attribute(AttributeType type, std::size_t size) {
    append_little_endian(out_, static_cast<std::uint16_t>(type));
    if (!has_no_length(type, version_)) {
        if (size > max_value_size)
            throw std::length_error("an attribute of a stream command is too long");
        append_little_endian(out_, static_cast<std::uint16_t>(size));
    }
}

CommandWriter& CommandWriter::bytes(AttributeType type, std::span<const std::byte> value) {
    begin_attribute(type, value.size());
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
}

CommandWriter& CommandWriter::text(AttributeType type, std::string_view value) {
    return bytes(type, as_byte_span(value));
}

CommandWriter& CommandWriter::uuid(AttributeType type, const Uuid& value) {
    return bytes(type, value.bytes());
}

CommandWriter& CommandWriter::number32(AttributeType type, std::uint32_t value) {
    std::array<std::byte, sizeof value> stored{};
    store_little_endian(std::span{stored}, value);
    return bytes(type, stored);
}

CommandWriter& CommandWriter::number64(AttributeType type, std::uint64_t value) {
    std::array<std::byte, sizeof value> stored{};
    store_little_endian(std::span{stored}, value);
    return bytes(type, stored);
}

void CommandWriter::finish() {
    const auto command = std::span{out_}.subspan(start_);
    store_little_endian(command, static_cast<std::uint32_t>(command.size() - command_header_size));
    seal(command);
}

void CommandWriter::finish_before_data(std::size_t size) {
    begin_attribute(AttributeType::data, size);
    const auto command = std::span{out_}.subspan(start_);
    store_little_endian(command,
                        static_cast<std::uint32_t>(command.size() - command_header_size + size));
}

void write_stream_header(std::vector<std::byte>& out, std::uint32_t version) {
    const auto text = as_byte_span(magic);
    out.insert(out.end(), text.begin(), text.end());
    append_little_endian(out, version);
}

}  // namespace snapferry::stream
