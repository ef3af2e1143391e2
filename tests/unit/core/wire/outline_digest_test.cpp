#include "snapferry/core/wire/outline_digest.h"

#include <array>
#include <vector>

#include "catch.h"
#include "core/stream/real_stream.h"
#include "core/wire/bytes.h"
#include "snapferry/core/stream/reader.h"

using namespace snapferry;
using namespace snapferry::wire;
using stream::AttributeType;
using stream::CommandType;
using testing::Bytes;
using testing::bytes_of;

namespace {

Bytes write_of(std::string_view path, std::uint64_t offset, std::string_view data,
               std::uint32_t version = 2) {
    Bytes out;
    stream::CommandWriter(out, CommandType::write, version)
        .text(AttributeType::path, path)
        .number64(AttributeType::file_offset, offset)
        .text(AttributeType::data, data)
        .finish();
    return out;
}

std::string outline_of(Bytes command, std::uint32_t version = 2) {
    OutlineDigest digest;
    digest.take(stream::Command(command, version));
    return digest.text();
}

}  // namespace

TEST_CASE("an outline has everything but the data of files") {
    const auto version = GENERATE(1U, 2U);
    const auto one = outline_of(write_of("file", 0, "one", version), version);
    CHECK(one == outline_of(write_of("file", 0, "two", version), version));
    CHECK(one != outline_of(write_of("file", 0, "more", version), version));
    CHECK(one != outline_of(write_of("file", 4096, "one", version), version));
    CHECK(one != outline_of(write_of("file2", 0, "one", version), version));
}

TEST_CASE("who does not read the data comes to the same outline") {
    const auto version = GENERATE(1U, 2U);
    const std::size_t length = GENERATE(1U, 3U, 4096U, 48U * 1024U);
    const std::string path(GENERATE(1U, 4000U), 'p');
    const auto command = write_of(path, 7, std::string(length, 'x'), version);
    OutlineDigest digest;
    digest.take_up_to_data(std::span(command).first(command.size() - length));
    CHECK(digest.text() == outline_of(command, version));
}

TEST_CASE("an outline is XXH3-128 of the commands with their CRCs zero") {
    auto command = write_of("file", 0, "");
    auto longer = write_of("file", 0, "abc");
    const auto crc = [](Bytes& of) { return std::span(of).subspan(6, 4); };
    std::ranges::fill(crc(command), std::byte{0});
    std::ranges::fill(crc(longer), std::byte{0});
    longer.resize(longer.size() - 3);

    StreamDigest expected;
    expected.update(bytes_of("header"));
    expected.update(command);
    expected.update(longer);

    OutlineDigest digest;
    digest.take_header(bytes_of("header"));
    auto first = write_of("file", 0, "");
    auto second = write_of("file", 0, "abc");
    digest.take(stream::Command(first, 2));
    digest.take(stream::Command(second, 2));
    CHECK(digest.text() == expected.text());
    digest.reset();
    CHECK(digest.text() == StreamDigest().text());
}

TEST_CASE("commands without data are in the outline as they are") {
    Bytes one;
    stream::CommandWriter(one, CommandType::truncate, 2)
        .text(AttributeType::path, "file")
        .number64(AttributeType::size, 1)
        .finish();
    Bytes other;
    stream::CommandWriter(other, CommandType::truncate, 2)
        .text(AttributeType::path, "file")
        .number64(AttributeType::size, 2)
        .finish();
    CHECK(outline_of(one) != outline_of(other));
}
