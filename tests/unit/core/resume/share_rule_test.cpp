#include "snapferry/core/resume/share_rule.h"

#include <random>

#include "catch.h"
#include "snapferry/core/wire/message.h"

using namespace snapferry;

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

/// What is held, and in how many shares, when connections have brought this much each.
struct Held {
    std::size_t shares = 0;
    std::uint64_t bytes = 0;

    bool take(std::uint64_t brought) {
        const bool kept = deserves_share(shares, bytes, brought);
        shares += kept ? 1 : 0;
        bytes += kept ? brought : 0;
        return kept;
    }
};

}  // namespace

TEST_CASE("half of the shares are for whatever a connection brings") {
    Held held;
    for (std::size_t share = 0; share < wire::max_shares / 2; ++share)
        CHECK(held.take(1));
    CHECK(held.bytes == wire::max_shares / 2);
}

TEST_CASE("then a connection must bring its part of what is held") {
    const auto half = wire::max_shares / 2;
    CHECK_FALSE(deserves_share(half, 512 * mebibyte, mebibyte - 1));
    CHECK(deserves_share(half, 512 * mebibyte, mebibyte));
    CHECK_FALSE(deserves_share(wire::max_shares - 1, 512 * mebibyte, 8 * mebibyte - 1));
    CHECK(deserves_share(wire::max_shares - 1, 512 * mebibyte, 8 * mebibyte));
}

TEST_CASE("nothing is no share") {
    CHECK_FALSE(deserves_share(0, 0, 0));
    CHECK_FALSE(deserves_share(1000, 0, 0));
}

TEST_CASE("there are never more shares than can be read, and what is held only grows") {
    std::mt19937_64 random(1);
    for (int round = 0; round < 50; ++round) {
        Held held;
        const auto most = std::uint64_t{1} << (random() % 50);
        for (int connection = 0; connection < 5000; ++connection) {
            const auto before = held.bytes;
            (void)held.take(random() % most + 1);
            REQUIRE(held.shares <= wire::max_shares);
            REQUIRE(held.bytes >= before);
        }
    }
}

TEST_CASE("the last shares hold forty times what the free ones hold, at least") {
    Held held;
    for (int connection = 0; connection < 512; ++connection)
        held.take(100 * mebibyte);
    const auto begun = held.bytes;
    while (held.shares < wire::max_shares) {
        bool taken = false;
        for (auto part = 512U; part >= 1 && !taken; part /= 2)
            taken = held.take(held.bytes / part);
        REQUIRE(taken);
    }
    CHECK(held.bytes / begun >= 40);
}
