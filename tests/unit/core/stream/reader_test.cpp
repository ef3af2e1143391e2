#include "snapferry/core/stream/reader.h"

#include <algorithm>
#include <stdexcept>

#include "catch.h"
#include "core/stream/real_stream.h"

using namespace snapferry::stream;
using testing::Bytes;
using testing::refusal;

namespace {

Bytes header(std::uint32_t version) {
    Bytes bytes;
    write_stream_header(bytes, version);
    return bytes;
}

/// The header of a command alone: what it says of itself, with none of what it promises.
void add_command_header(Bytes& bytes, std::uint32_t payload, std::uint16_t type) {
    for (int i = 0; i < 4; ++i)
        bytes.push_back(static_cast<std::byte>((payload >> (8 * i)) & 0xff));
    for (int i = 0; i < 2; ++i)
        bytes.push_back(static_cast<std::byte>((type >> (8 * i)) & 0xff));
    bytes.resize(bytes.size() + 4);
}

/// The stream without the commands that are long: what is left can be read thousands of times.
Bytes without_bulk(const Bytes& stream) {
    Reader reader;
    reader.push(stream);
    auto small = Bytes(stream.begin(), stream.begin() + stream_header_size);
    while (const auto command = reader.next())
        if (command->bytes().size() < 500)
            small.insert(small.end(), command->bytes().begin(), command->bytes().end());
    return small;
}

std::string refusal_of(const Bytes& bytes) {
    return refusal([&] {
        Reader reader;
        reader.push(bytes);
        reader.next();
    });
}

}  // namespace

TEST_CASE("the reader gives out the whole stream, command by command") {
    for (const auto& name : testing::good_streams) {
        const auto stream = testing::real_stream(name);
        const auto reading = testing::read(stream, testing::identity_in(stream));
        CHECK(reading.whole);
        CHECK(
            reading.commands ==
            Bytes(stream.begin() + static_cast<std::ptrdiff_t>(stream_header_size), stream.end()));
    }
}

TEST_CASE("a stream that comes byte by byte reads like one that comes at once") {
    for (const auto& name : testing::good_streams) {
        const auto stream = testing::real_stream(name);
        const auto identity = testing::identity_in(stream);
        const auto at_once = testing::read(stream, identity);
        for (const std::size_t piece : {1U, 7U, 4096U}) {
            const auto in_pieces = testing::read(stream, identity, piece);
            CHECK(in_pieces.whole);
            CHECK(in_pieces.count == at_once.count);
            CHECK(in_pieces.commands == at_once.commands);
        }
    }
}

TEST_CASE("a stream that is cut anywhere is not whole") {
    const auto stream = testing::real_stream("increment_v1");
    Reader reader;
    Guard guard{testing::identity_in(stream), Form::v1};
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (guard.ended() && !reader.has_partial_command())
            FAIL("whole after " << i << " of " << stream.size() << " bytes");
        reader.push(std::span{stream}.subspan(i, 1));
        while (const auto command = reader.next())
            guard.check(*command);
    }
    CHECK(guard.ended());
}

TEST_CASE("a stream with any one byte flipped is refused, or waits for more that never comes") {
    for (const auto& name : {"full_v1", "compressed_v2"}) {
        auto stream = without_bulk(testing::real_stream(name));
        const auto identity = testing::identity_in(stream);
        REQUIRE(testing::read(stream, identity).whole);
        for (auto& byte : stream) {
            byte ^= std::byte{0xff};
            bool taken = false;
            refusal([&] { taken = testing::read(stream, identity).whole; });
            if (taken)
                FAIL("byte " << &byte - stream.data() << " of " << name);
            byte ^= std::byte{0xff};
        }
    }
}

TEST_CASE("a stream with any one bit of its headers flipped is refused") {
    auto stream = testing::real_stream("increment_v2");
    const auto identity = testing::identity_in(stream);
    for (std::size_t i = 0; i < stream_header_size + command_header_size; ++i)
        for (int bit = 0; bit < 8; ++bit) {
            const auto mask = static_cast<std::byte>(1 << bit);
            stream[i] ^= mask;
            bool taken = false;
            refusal([&] { taken = testing::read(stream, identity).whole; });
            CAPTURE(i, bit);
            CHECK_FALSE(taken);
            stream[i] ^= mask;
        }
}

TEST_CASE("the reader knows how far in the stream it is") {
    const auto stream = testing::real_stream("full_v1");
    Reader reader;
    CHECK_FALSE(reader.version());
    CHECK(reader.offset() == 0);
    CHECK_FALSE(reader.has_partial_command());

    reader.push(std::span{stream}.first(stream_header_size + 3));
    CHECK_FALSE(reader.next());
    CHECK(reader.version() == 1U);
    CHECK(reader.offset() == stream_header_size);
    CHECK(reader.has_partial_command());

    reader.push(std::span{stream}.subspan(stream_header_size + 3));
    std::uint64_t offset = stream_header_size;
    while (const auto command = reader.next()) {
        offset += command->bytes().size();
        CHECK(reader.offset() == offset);
    }
    CHECK(offset == stream.size());
    CHECK_FALSE(reader.has_partial_command());
}

TEST_CASE("a stream can be read on from any command, with another reader and guard") {
    for (const auto& name : testing::good_streams) {
        const auto stream = testing::real_stream(name);
        const auto identity = testing::identity_in(stream);
        Reader whole;
        whole.push(stream);
        while (whole.next() && whole.offset() < stream.size()) {
            Reader rest{whole.version().value(), whole.offset()};
            auto guard = Guard::for_rest(identity, testing::form_of(whole.version().value()));
            rest.push(std::span{stream}.subspan(static_cast<std::size_t>(whole.offset())));
            while (const auto command = rest.next())
                guard.check(*command);
            CHECK(guard.ended());
            CHECK(rest.offset() == stream.size());
        }
    }
}

TEST_CASE("what is not a stream is refused at its first wrong byte") {
    const std::string not_a_stream = "refused: this is not a btrfs stream";
    CHECK(refusal_of({std::byte{'x'}}) == "stream " + not_a_stream);
    auto bytes = header(1);
    bytes[12] = std::byte{'!'};
    bytes.resize(13);
    CHECK(refusal_of(bytes) == "stream " + not_a_stream);
}

TEST_CASE("a version that is not known is refused") {
    for (const std::uint32_t version : {0U, 3U, 0xffffffffU})
        CHECK(refusal_of(header(version)) ==
              "stream refused: version " + std::to_string(version) + " of the stream is not known");
}

TEST_CASE("a command of a later version, or of none, is refused by its header alone") {
    const auto [version, type, known] = GENERATE(table<std::uint32_t, std::uint16_t, bool>({
        {1, 0, false},
        {1, 1, true},
        {1, 22, true},
        {1, 23, false},
        {1, 25, false},
        {2, 0, false},
        {2, 25, true},
        {2, 26, false},
        {2, 0xffff, false},
    }));
    auto bytes = header(version);
    add_command_header(bytes, 100, type);
    CAPTURE(version, type);
    CHECK(refusal_of(bytes).empty() == known);
}

TEST_CASE("a command longer than its version allows is refused by its header alone") {
    const auto [version, payload, allowed] = GENERATE(table<std::uint32_t, std::uint32_t, bool>({
        {1, 64 * 1024 - 10, true},
        {1, 64 * 1024 - 9, false},
        {1, 0xffffffff, false},
        {2, 192 * 1024 - 10, true},
        {2, 192 * 1024 - 9, false},
        {2, 0xffffffff, false},
        {2, 0xfffffff6, false},
    }));
    auto bytes = header(version);
    add_command_header(bytes, payload, 15);
    CAPTURE(version, payload);
    CHECK(refusal_of(bytes).empty() == allowed);
}

TEST_CASE("a command of the greatest length fits behind the tail of another") {
    auto bytes = header(2);
    for (int i = 0; i < 30; ++i)
        CommandWriter{bytes, CommandType::write, 2}
            .bytes(AttributeType::data, Bytes(max_command_v2 - command_header_size - 2))
            .finish();
    for (const std::size_t piece : {std::size_t{99'991}, Reader::piece}) {
        Reader reader;
        int count = 0;
        auto rest = std::span<const std::byte>{bytes};
        while (!rest.empty()) {
            const auto size = std::min(piece, rest.size());
            reader.push(rest.first(size));
            rest = rest.subspan(size);
            while (reader.next())
                ++count;
        }
        CHECK(count == 30);
        CHECK_FALSE(reader.has_partial_command());
    }
}

TEST_CASE("the reader always has room for a piece, and never takes more than it has room for") {
    Reader reader;
    CHECK(reader.space().size() >= Reader::piece);
    CHECK_THROWS_AS(reader.commit(reader.space().size() + 1), std::logic_error);

    reader.commit(Reader::piece);
    CHECK_THROWS_AS(reader.space(), std::logic_error);
}
