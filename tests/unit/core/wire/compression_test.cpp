#include "snapferry/core/wire/compression.h"

#include <zstd.h>

#include <algorithm>
#include <random>

#include "catch.h"
#include "core/wire/bytes.h"
#include "failure_of.h"
#include "snapferry/core/wire/frame.h"

using namespace snapferry;
using namespace snapferry::wire;
using snapferry::testing::failure_of;
using wire::testing::Bytes;

namespace {

Bytes text(std::size_t size) {
    Bytes bytes(size);
    std::mt19937 random(1);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::byte>('a' + random() % 8); });
    return bytes;
}

Bytes noise(std::size_t size) {
    Bytes bytes(size);
    std::mt19937 random(2);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::byte>(random()); });
    return bytes;
}

Bytes compressed(const Bytes& data, int level = 3) {
    Bytes into(ZSTD_compressBound(data.size()));
    Compressor compressor;
    into.resize(compressor.compress(data, into, level).value());
    return into;
}

/// One zstd frame that does not say how large it is, as a stream has it.
Bytes compressed_without_a_size(const Bytes& data) {
    Bytes into(ZSTD_compressBound(data.size()));
    auto* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    into.resize(ZSTD_compress2(context, into.data(), into.size(), data.data(), data.size()));
    ZSTD_freeCCtx(context);
    return into;
}

std::string refusal(const Bytes& payload, std::size_t room = max_data) {
    Bytes into(room);
    Decompressor decompressor;
    const auto failure = failure_of([&] { (void)decompressor.decompress(payload, into); });
    CHECK(failure.code() == ExitCode::protocol);
    return failure.what();
}

}  // namespace

TEST_CASE("what is compressed at any level is unpacked to what it was") {
    Decompressor decompressor;
    Compressor compressor;
    for (int level = lowest_level; level <= highest_level; ++level)
        for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, max_data}) {
            const auto data = text(size);
            Bytes packed(ZSTD_compressBound(size));
            packed.resize(compressor.compress(data, packed, level).value());
            Bytes unpacked(max_data);
            unpacked.resize(decompressor.decompress(packed, unpacked));
            CHECK((unpacked == data));
        }
}

TEST_CASE("what does not fit is not compressed") {
    const auto data = noise(100'000);
    Bytes into(data.size() - data.size() / 16);
    Compressor compressor;
    CHECK_FALSE(compressor.compress(data, into, 3));
    CHECK(compressor.compress(text(100'000), into, 3));
}

TEST_CASE("what is not exactly one frame of zstd is refused") {
    const auto good = compressed(text(5000));
    auto two = good;
    two.insert(two.end(), good.begin(), good.end());
    auto cut = good;
    cut.resize(good.size() - 1);
    auto longer = good;
    longer.push_back(std::byte{0});
    for (const auto& bad : {Bytes{}, noise(100), two, cut, longer, Bytes(1000)})
        CHECK(refusal(bad).find("not one frame of zstd") != std::string::npos);
}

TEST_CASE("a frame that does not say its size is refused, and so are those of other formats") {
    CHECK(refusal(compressed_without_a_size(text(5000))).find("how large") != std::string::npos);
    // RFC 8878, 3.1.2: a magic number of 0x184D2A50 and up, and a length; it unpacks to nothing.
    const Bytes skippable{std::byte{0x50}, std::byte{0x2a}, std::byte{0x4d},
                          std::byte{0x18}, std::byte{1},    std::byte{0},
                          std::byte{0},    std::byte{0},    std::byte{7}};
    const Bytes legacy{std::byte{0x27}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd},
                       std::byte{0x20}, std::byte{4},    std::byte{0xc0}, std::byte{0},
                       std::byte{0},    std::byte{0}};  // version 0.7
    CHECK(refusal(legacy).find("not one frame of zstd") != std::string::npos);
    CHECK(refusal(skippable).find("not one frame of zstd") != std::string::npos);
}

TEST_CASE("a frame that unpacks to more than there is room for is refused by its header") {
    CHECK(refusal(compressed(Bytes(max_data + 1))).find("more than is allowed") !=
          std::string::npos);
    CHECK(refusal(compressed(Bytes(std::size_t{256} << 20))).find("more than is allowed") !=
          std::string::npos);
    CHECK(refusal(compressed(text(5000)), 4999).find("more than is allowed") != std::string::npos);
    CHECK(refusal(compressed(text(max_data + 1)), 2 * max_data).find("more than is allowed") !=
          std::string::npos);
}

TEST_CASE("a flipped bit is refused, or unpacks within its bounds") {
    const auto good = compressed(text(20'000));
    std::mt19937 random(3);
    Decompressor decompressor;
    Bytes into(max_data);
    for (int round = 0; round < 3000; ++round) {
        auto bad = good;
        bad.at(random() % bad.size()) ^= static_cast<std::byte>(1U << random() % 8);
        try {
            const auto size = decompressor.decompress(bad, into);
            REQUIRE(size <= max_data);
        } catch (const Failure& failure) {
            REQUIRE(failure.code() == ExitCode::protocol);
        }
    }
}
