#include "snapferry/core/stream/command.h"

#include <string_view>

#include "catch.h"
#include "core/stream/real_stream.h"
#include "snapferry/core/stream/names.h"

using namespace snapferry::stream;
using snapferry::Uuid;
using testing::Bytes;
using testing::refusal;

namespace {

Bytes from_numbers(std::initializer_list<unsigned> numbers) {
    Bytes bytes;
    for (const auto number : numbers)
        bytes.push_back(static_cast<std::byte>(number));
    return bytes;
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes write_command(std::uint32_t version) {
    Bytes bytes;
    CommandWriter{bytes, CommandType::write, version}
        .text(AttributeType::path, "a")
        .number64(AttributeType::file_offset, 5)
        .text(AttributeType::data, "xyz")
        .finish();
    return bytes;
}

}  // namespace

TEST_CASE("the header of a stream is its magic and its version") {
    Bytes header;
    write_stream_header(header, 2);
    CHECK(text_of(header) == std::string{"btrfs-stream\0\2\0\0\0", 17});
}

TEST_CASE("END is ten bytes that are the same in every stream") {
    Bytes end;
    CommandWriter{end, CommandType::end}.finish();
    CHECK(end == from_numbers({0, 0, 0, 0, 21, 0, 0x50, 0x6c, 0xc9, 0x9d}));
    const auto stream = testing::real_stream("full_v1");
    CHECK(Bytes(stream.end() - 10, stream.end()) == end);
}

TEST_CASE("a command has its attributes one after the other with type and length") {
    const auto bytes = write_command(1);
    CHECK(Bytes(bytes.begin(), bytes.begin() + 6) == from_numbers({24, 0, 0, 0, 15, 0}));
    CHECK(Bytes(bytes.begin() + 10, bytes.end()) ==
          from_numbers(
              {15, 0, 1, 0, 'a', 18, 0, 8, 0, 5, 0, 0, 0, 0, 0, 0, 0, 19, 0, 3, 0, 'x', 'y', 'z'}));
}

TEST_CASE("in version 2 the data has no length and reaches to the command's end") {
    auto bytes = write_command(2);
    CHECK(Bytes(bytes.end() - 5, bytes.end()) == from_numbers({19, 0, 'x', 'y', 'z'}));
    const Command command{bytes, 2};
    CHECK(text_of(command.find(AttributeType::data).value()) == "xyz");
}

TEST_CASE("what was written into a command is found in it") {
    const auto uuid = *Uuid::parse("0f5e4d3c-2b1a-0918-2736-455463728190");
    Bytes bytes;
    CommandWriter{bytes, CommandType::subvol}
        .text(AttributeType::path, "name")
        .uuid(AttributeType::uuid, uuid)
        .number64(AttributeType::ctransid, 0x0102030405060708)
        .number32(AttributeType::compression, 0x0a0b0c0d)
        .finish();
    const Command command{bytes, 1};
    CHECK(command.type() == CommandType::subvol);
    CHECK(command.attributes().size() == 4);
    CHECK(command.crc_is_right());
    CHECK(text_of(command.find(AttributeType::path).value()) == "name");
    CHECK(Uuid{command.find(AttributeType::uuid).value().first<16>()} == uuid);
    CHECK(text_of(command.find(AttributeType::ctransid).value()) ==
          "\x08\x07\x06\x05\x04\x03\x02\x01");
    CHECK(text_of(command.find(AttributeType::compression).value()) == "\x0d\x0c\x0b\x0a");
    CHECK_FALSE(command.find(AttributeType::data));
}

TEST_CASE("a changed command has a wrong CRC until it is sealed") {
    auto bytes = write_command(1);
    Command command{bytes, 1};
    command.find(AttributeType::path).value().front() = std::byte{'b'};
    CHECK_FALSE(command.crc_is_right());
    command.seal();
    CHECK(command.crc_is_right());
}

TEST_CASE("an attribute that overruns its command is refused") {
    auto bytes = write_command(1);
    bytes[10 + 5 + 12 + 2] = std::byte{4};  // the length of the data, of which there are 3 bytes
    CHECK(refusal([&] { Command(bytes, 1); }) ==
          "stream refused: the attribute data of the command write is longer than the command");
}

TEST_CASE("an attribute that is cut in its own header is refused") {
    for (const std::size_t left : {1U, 2U, 3U}) {
        Bytes bytes;
        CommandWriter{bytes, CommandType::unlink}.text(AttributeType::path, "").finish();
        bytes.resize(command_header_size + left);
        bytes[0] = static_cast<std::byte>(left);
        CHECK(refusal([&] { Command(bytes, 1); }) ==
              "stream refused: the command unlink ends within an attribute");
    }
}

TEST_CASE("an attribute that comes twice is refused") {
    Bytes bytes;
    CommandWriter{bytes, CommandType::unlink}
        .text(AttributeType::path, "a")
        .text(AttributeType::path, "b")
        .finish();
    CHECK(refusal([&] { Command(bytes, 1); }) ==
          "stream refused: the command unlink has the attribute path twice");
}

TEST_CASE("an attribute that the format does not have is refused") {
    for (const unsigned type : {0U, 32U, 0xffffU}) {
        Bytes bytes;
        CommandWriter{bytes, CommandType::unlink}
            .text(AttributeType{static_cast<std::uint16_t>(type)}, "a")
            .finish();
        CHECK_THROWS_AS(Command(bytes, 1), snapferry::Failure);
    }
}

TEST_CASE("more attributes than any command has are refused") {
    Bytes bytes;
    CommandWriter writer{bytes, CommandType::unlink};
    for (std::uint16_t type = 1; type <= max_attributes + 1; ++type)
        writer.number64(AttributeType{type}, 0);
    writer.finish();
    CHECK(refusal([&] { Command(bytes, 1); }) ==
          "stream refused: the command unlink has more than 8 attributes");
}

TEST_CASE("bytes that are not just one command are refused") {
    auto bytes = write_command(1);
    bytes.push_back({});
    CHECK_THROWS_AS(Command(bytes, 1), snapferry::Failure);
    bytes.resize(bytes.size() - 2);
    CHECK_THROWS_AS(Command(bytes, 1), snapferry::Failure);
    bytes.resize(9);
    CHECK_THROWS_AS(Command(bytes, 1), snapferry::Failure);
}

TEST_CASE("every command and attribute of the format has a name") {
    for (std::uint16_t type = 1; type <= 25; ++type)
        CHECK(name_of(CommandType{type}) != "unknown");
    for (std::uint16_t type = 1; type <= 31; ++type)
        CHECK(name_of(AttributeType{type}) != "unknown");
    CHECK(name_of(CommandType::encoded_write) == "encoded_write");
    CHECK(name_of(AttributeType::encryption) == "encryption");
    CHECK(name_of(CommandType{26}) == "unknown");
    CHECK(name_of(AttributeType{32}) == "unknown");
}
