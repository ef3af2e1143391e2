#include "snapferry/core/resume/headway.h"

#include "catch.h"

using snapferry::Headway;

TEST_CASE("tries get further while the receiver holds more each time") {
    Headway headway;
    CHECK_FALSE(headway.gets_further("a", 0));  // nothing to compare with
    CHECK(headway.gets_further("a", 100));
    CHECK(headway.gets_further("a", 200));
    CHECK_FALSE(headway.gets_further("a", 200));
    CHECK_FALSE(headway.gets_further("a", 150));
    CHECK(headway.gets_further("a", 201));
}

TEST_CASE("tries that never come to send get no further") {
    Headway headway;
    for (int attempt = 0; attempt < 5; ++attempt)
        CHECK_FALSE(headway.gets_further("", 0));
}

TEST_CASE("another snapshot is headway once, however often they alternate") {
    Headway headway;
    CHECK_FALSE(headway.gets_further("a", 0));
    CHECK(headway.gets_further("b", 0));
    for (int round = 0; round < 5; ++round) {
        CHECK_FALSE(headway.gets_further("a", 0));
        CHECK_FALSE(headway.gets_further("b", 0));
    }
}
