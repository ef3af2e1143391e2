#include "snapferry/core/wire/stream_digest.h"

#include <random>

#include "catch.h"
#include "core/wire/bytes.h"

using namespace snapferry::wire;
using testing::bytes_of;

namespace {

std::string digest_of(std::span<const std::byte> bytes) {
    StreamDigest digest;
    digest.update(bytes);
    return digest.text();
}

}  // namespace

TEST_CASE("the digest is XXH3-128 in its canonical form") {
    CHECK(StreamDigest().text() == "99aa06d3014798d86001c324468d497f");
    CHECK(digest_of(bytes_of("abc")) == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("the digest does not depend on the pieces that the bytes come in") {
    std::mt19937 random(1);
    testing::Bytes bytes(100'000);
    for (auto& byte : bytes)
        byte = static_cast<std::byte>(random() & 0xff);
    const auto whole = digest_of(bytes);
    for (const std::size_t piece : {1U, 63U, 64U, 4096U, 99'999U}) {
        StreamDigest digest;
        for (auto rest = std::span<const std::byte>(bytes); !rest.empty();) {
            const auto size = std::min(piece, rest.size());
            digest.update(rest.first(size));
            (void)digest.text();  // asking changes nothing
            rest = rest.subspan(size);
        }
        CHECK(digest.text() == whole);
    }
}

TEST_CASE("one flipped bit gives another digest") {
    auto bytes = bytes_of(std::string(1000, 'x'));
    const auto before = digest_of(bytes);
    bytes[500] ^= std::byte{1};
    CHECK(digest_of(bytes) != before);
}

TEST_CASE("a digest can be begun anew, and moved") {
    StreamDigest digest;
    digest.update(bytes_of("abc"));
    auto moved = std::move(digest);
    CHECK(moved.text() == digest_of(bytes_of("abc")));
    moved.reset();
    CHECK(moved.text() == StreamDigest().text());
}
