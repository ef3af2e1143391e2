#include "snapferry/core/transfer/throttle.h"

#include "catch.h"

using namespace std::chrono_literals;
using snapferry::parse_rate;
using snapferry::Throttle;

TEST_CASE("a rate is a size and a second") {
    CHECK(parse_rate("20MiB/s") == 20U * 1024 * 1024);
    CHECK(parse_rate("1KiB/s") == 1024U);
    CHECK(parse_rate("1024B/s") == 1024U);
    CHECK(parse_rate("3TiB/s") == std::uint64_t{3} << 40);
    for (const auto* text : {"", "/s", "20MiB", "20MiB/min", "20 MiB/s", "20MB/s", "-1MiB/s",
                             "0B/s", "1023B/s", "20MiB/s ", "99999999999999999999B/s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rate(text));
    }
}

TEST_CASE("bytes are spread over time, whatever pieces they come in") {
    constexpr std::size_t second = 1'000'000;  // bytes
    for (const std::size_t piece : {1000U, 50'000U, 1'000'000U}) {
        Throttle throttle(second);
        const Throttle::TimePoint begin{1h};
        auto last = begin;
        for (std::size_t sent = 0; sent < 10 * second; sent += piece) {
            const auto start = throttle.reserve(piece, begin);
            CHECK(start >= last);
            // Never ahead of the rate: what was sent before takes its whole time.
            CHECK(start - begin >= std::chrono::microseconds{sent} - 1ms);
            CHECK(start - begin <= std::chrono::microseconds{sent} + 1ms);
            last = start;
        }
    }
}

TEST_CASE("time in which nothing was sent is not made up for") {
    Throttle throttle(1'000'000);
    const Throttle::TimePoint begin{1h};
    CHECK(throttle.reserve(500'000, begin) == begin);
    const auto later = begin + 10s;
    CHECK(throttle.reserve(500'000, later) == later);
    CHECK(throttle.reserve(1, later) == later + 500ms);
}

TEST_CASE("pieces are a twentieth of a second long, within what makes sense") {
    CHECK(Throttle(20 * 1024 * 1024).piece() == 1024 * 1024);
    CHECK(Throttle(2'000'000).piece() == 100'000);
    CHECK(Throttle(1024).piece() == 256);
    CHECK(Throttle(std::uint64_t{1} << 40).piece() == 1024 * 1024);
}
