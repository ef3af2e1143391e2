#include "snapferry/core/stream/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "little_endian.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"

namespace snapferry::stream {
namespace {

// bytes; a piece and the longest tail of a command that can be left before it
constexpr std::size_t buffer_size = Reader::piece + max_command_v2;

/// Compares what has come of the magic, so that a wrong stream is not waited for.
void check_magic(std::span<const std::byte> bytes) {
    const auto come = std::min(bytes.size(), magic.size());
    const auto expected = std::as_bytes(std::span{magic.data(), come});
    if (!std::equal(expected.begin(), expected.end(), bytes.begin()))
        throw Refused("this is not a btrfs stream");
}

/// The size of the whole command whose header this is, once it is one that may be.
std::size_t checked_command_size(std::span<const std::byte> header, std::uint32_t version) {
    const CommandType type{
        load_little_endian<std::uint16_t>(header.subspan(command_type_position))};
    if (!is_known(type, version))
        throw Refused(fmt::format("command {} is not known in version {} of the stream",
                                  static_cast<unsigned>(type), version));
    const auto payload = load_little_endian<std::uint32_t>(header);
    if (payload > max_command(version) - command_header_size)
        throw Refused(fmt::format("the command {} has {} bytes, more than version {} allows",
                                  name_of(type), payload, version));
    return command_header_size + payload;
}

void check_crc(std::span<const std::byte> command) {
    if (!has_right_crc(command))
        throw Refused("the checksum of a command is wrong: the stream was damaged on its way");
}

}  // namespace

Reader::Reader() : buffer_(std::make_unique_for_overwrite<std::byte[]>(buffer_size)) {}

Reader::Reader(std::uint32_t version, std::uint64_t offset) : Reader() {
    version_ = version;
    offset_ = offset;
}

std::span<std::byte> Reader::space() {
    if (end_ - begin_ > buffer_size - piece)
        throw std::logic_error("the reader is asked for space before its commands were taken");
    if (begin_ != 0) {
        const auto tail = waiting();
        std::copy(tail.begin(), tail.end(), buffer_.get());
        end_ -= begin_;
        begin_ = 0;
    }
    return {buffer_.get() + end_, buffer_size - end_};
}

void Reader::commit(std::size_t count) {
    if (count > buffer_size - end_)
        throw std::logic_error("the reader is given more bytes than it had space for");
    end_ += count;
}

void Reader::push(std::span<const std::byte> bytes) {
    const auto room = space();
    if (bytes.size() > room.size())
        throw std::logic_error("the reader is given more bytes than it has space for");
    std::copy(bytes.begin(), bytes.end(), room.begin());
    commit(bytes.size());
}

std::optional<Command> Reader::next() {
    if (!version_ && !read_stream_header())
        return std::nullopt;
    const auto bytes = waiting();
    if (bytes.size() < command_header_size)
        return std::nullopt;
    const auto size = checked_command_size(bytes, *version_);
    if (bytes.size() < size)
        return std::nullopt;

    check_crc(bytes.first(size));
    std::optional<Command> command{std::in_place, bytes.first(size), *version_};
    consume(size);
    return command;
}

bool Reader::read_stream_header() {
    const auto bytes = waiting();
    check_magic(bytes);
    if (bytes.size() < stream_header_size)
        return false;
    const auto version = load_little_endian<std::uint32_t>(bytes.subspan(magic.size()));
    if (version < 1 || version > max_version)
        throw Refused(fmt::format("version {} of the stream is not known", version));
    version_ = version;
    consume(stream_header_size);
    return true;
}

std::span<std::byte> Reader::waiting() {
    return {buffer_.get() + begin_, end_ - begin_};
}

void Reader::consume(std::size_t count) {
    begin_ += count;
    offset_ += count;
}

}  // namespace snapferry::stream
