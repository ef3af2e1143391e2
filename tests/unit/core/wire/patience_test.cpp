#include "snapferry/core/wire/patience.h"

#include "catch.h"

using snapferry::wire::Patience;
using namespace std::chrono_literals;

TEST_CASE("signs of life prolong a wait, but not for ever") {
    const Patience::Time begin{};
    Patience patience(120s, 6h, begin);
    CHECK(patience.left(begin) == 120s);
    auto now = begin;
    for (; now < begin + 6h - 60s; now += 60s) {
        CHECK_FALSE(patience.is_silent(now));
        CHECK_FALSE(patience.stands_still(now));
        patience.lives(now);
    }
    CHECK(patience.left(now) == 60s);
    patience.lives(now + 60s);
    CHECK(patience.stands_still(now + 60s));
    CHECK_FALSE(patience.is_silent(now + 60s));
    CHECK(patience.left(now + 1h) == 0ms);
}

TEST_CASE("what moves has all its time again, and who is silent has little") {
    const Patience::Time begin{};
    Patience patience(120s, 6h, begin);
    patience.moved(begin + 5h);
    CHECK_FALSE(patience.stands_still(begin + 10h));
    CHECK_FALSE(patience.is_silent(begin + 5h + 119s));
    CHECK(patience.is_silent(begin + 5h + 120s));
}

TEST_CASE("a patience without bounds does not overflow") {
    Patience patience(std::chrono::milliseconds::max(), std::chrono::milliseconds::max(), {});
    CHECK_FALSE(patience.is_silent(Patience::Time{} + 100h));
    CHECK(patience.left({}) > 1000h);
}
