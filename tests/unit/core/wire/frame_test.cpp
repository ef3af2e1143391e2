#include "snapferry/core/wire/frame.h"

#include <algorithm>
#include <random>

#include "catch.h"
#include "core/wire/bytes.h"
#include "failure_of.h"
#include "snapferry/core/stream/format.h"

using namespace snapferry;
using namespace snapferry::wire;
using snapferry::testing::failure_of;
using wire::testing::Bytes;
using wire::testing::bytes_of;

namespace {

using HeaderBytes = std::array<std::byte, frame_header_size>;

HeaderBytes header_bytes(std::initializer_list<unsigned> values) {
    HeaderBytes bytes{};
    std::transform(values.begin(), values.end(), bytes.begin(),
                   [](unsigned value) { return static_cast<std::byte>(value); });
    return bytes;
}

Bytes frame(FrameType type, const Bytes& payload) {
    const auto header = encode_frame_header({type, static_cast<std::uint32_t>(payload.size())});
    Bytes bytes(header.begin(), header.end());
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

Bytes random_bytes(std::mt19937& random, std::size_t size) {
    Bytes bytes(size);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::byte>(random() & 0xff); });
    return bytes;
}

}  // namespace

TEST_CASE("the greeting is as long as a raw stream's magic, and no prefix of it") {
    CHECK(greeting == "snapferry/1\r\n");
    CHECK(greeting.size() == stream::magic.size());
    CHECK(greeting.front() != stream::magic.front());
}

TEST_CASE("a frame's header is its type, three zeros and the length, little-endian") {
    CHECK(encode_frame_header({FrameType::message, 0x00012345}) ==
          header_bytes({1, 0, 0, 0, 0x45, 0x23, 0x01, 0}));
    CHECK(encode_frame_header({FrameType::data, 0x00100000}) ==
          header_bytes({2, 0, 0, 0, 0, 0, 0x10, 0}));
}

TEST_CASE("every header that is written is read again") {
    const auto type = GENERATE(FrameType::message, FrameType::data, FrameType::compressed_data);
    for (const std::uint32_t length : {0U, 1U, 255U, 256U, 65536U, 1024U * 1024U}) {
        const auto header = decode_frame_header(encode_frame_header({type, length}));
        CHECK(header.type == type);
        CHECK(header.length == length);
    }
}

TEST_CASE("a header is refused for an unknown type, a length over the limit, or padding") {
    const auto [header, expected] = GENERATE(table<HeaderBytes, std::string>({
        {header_bytes({0, 0, 0, 0, 0, 0, 0, 0}), "unknown type 0"},
        {header_bytes({4, 0, 0, 0, 0, 0, 0, 0}), "unknown type 4"},
        {header_bytes({255, 0, 0, 0, 0, 0, 0, 0}), "unknown type 255"},
        {header_bytes({1, 0, 0, 0, 1, 0, 0x10, 0}), "1048577 bytes, more than is allowed"},
        {header_bytes({2, 0, 0, 0, 1, 0, 0x10, 0}), "1048577 bytes, more than is allowed"},
        {header_bytes({2, 0, 0, 0, 255, 255, 255, 255}), "4294967295 bytes, more than"},
        {header_bytes({3, 0, 0, 0, 1, 0, 0x10, 0}), "1048577 bytes, more than is allowed"},
        {header_bytes({1, 1, 0, 0, 0, 0, 0, 0}), ""},
        {header_bytes({1, 0, 1, 0, 0, 0, 0, 0}), ""},
        {header_bytes({1, 0, 0, 128, 0, 0, 0, 0}), ""},
    }));
    const auto failure = failure_of([header = header] { decode_frame_header(header); });
    CHECK(failure.code() == ExitCode::protocol);
    CAPTURE(failure.what());
    CHECK(std::string(failure.what()).find(expected) != std::string::npos);
}

TEST_CASE("frames are found whatever pieces their bytes come in") {
    std::mt19937 random(1);
    std::vector<Bytes> payloads{
        {}, bytes_of("{}"), random_bytes(random, 5000), {}, random_bytes(random, max_data)};
    Bytes stream;
    for (const auto& payload : payloads) {
        const auto one = frame(FrameType::data, payload);
        stream.insert(stream.end(), one.begin(), one.end());
    }
    for (const std::size_t piece : {std::size_t{997}, std::size_t{65536}, stream.size()}) {
        FrameReader reader;
        std::vector<Bytes> found;
        for (auto rest = std::span<const std::byte>(stream); !rest.empty();) {
            const auto size = std::min(piece, rest.size());
            reader.push(rest.first(size));
            rest = rest.subspan(size);
            while (auto one = reader.next()) {
                CHECK(one->type == FrameType::data);
                found.push_back(std::move(one->payload));
            }
        }
        CHECK((found == payloads));
        CHECK_FALSE(reader.has_partial_frame());
    }
}

TEST_CASE("frames that come byte by byte are found, and a cut one is known to be cut") {
    const auto one = frame(FrameType::message, bytes_of("{\"type\":\"ready\"}"));
    FrameReader reader;
    CHECK_FALSE(reader.has_partial_frame());
    for (std::size_t i = 0; i + 1 < one.size(); ++i) {
        reader.push(std::span(one).subspan(i, 1));
        CHECK_FALSE(reader.next());
        CHECK(reader.has_partial_frame());
    }
    reader.push(std::span(one).last(1));
    const auto found = reader.next();
    REQUIRE(found);
    CHECK(found->type == FrameType::message);
    CHECK(wire::testing::text_of(found->payload) == "{\"type\":\"ready\"}");
    CHECK_FALSE(reader.has_partial_frame());
}

TEST_CASE("a frame that is too long is refused by its header, before its bytes have come") {
    FrameReader reader;
    reader.push(header_bytes({2, 0, 0, 0, 0, 0, 0, 0x40}));
    CHECK(failure_of([&] { reader.next(); }).code() == ExitCode::protocol);
}

TEST_CASE("random bytes are refused or wait for more, and never crash the reader of frames") {
    std::mt19937 random(2);
    for (int round = 0; round < 2000; ++round) {
        FrameReader reader;
        auto bytes = random_bytes(random, random() % 200);
        if (bytes.size() > 4 && random() % 2 == 0) {
            bytes[0] = static_cast<std::byte>(random() % 4);
            bytes[1] = bytes[2] = bytes[3] = std::byte{0};
        }
        try {
            reader.push(bytes);
            while (reader.next()) {
            }
        } catch (const Failure& failure) {
            REQUIRE(failure.code() == ExitCode::protocol);
        }
    }
}
