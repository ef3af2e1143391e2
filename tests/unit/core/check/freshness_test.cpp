#include "snapferry/core/check/freshness.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

TEST_CASE("only what is known to be young enough is fresh") {
    CHECK(freshness_of({}, age_asked_for(26h)) == Freshness::unknown);
    CHECK(freshness_of(0s, age_asked_for(26h)) == Freshness::fresh);
    CHECK(freshness_of(26h, age_asked_for(26h)) == Freshness::fresh);
    CHECK(freshness_of(26h + 1s, age_asked_for(26h)) == Freshness::stale);
    CHECK(freshness_of(-1h, age_asked_for(26h)) == Freshness::fresh);  // clocks may differ
    CHECK(freshness_of(-1h - 1s, age_asked_for(26h)) == Freshness::from_the_future);
    CHECK(freshness_of(-100'000h, age_asked_for(26h)) == Freshness::from_the_future);
}

TEST_CASE("what may be too old is alarming, and what nobody knows is not") {
    CHECK(is_alarming(Freshness::stale));
    CHECK(is_alarming(Freshness::from_the_future));
    CHECK_FALSE(is_alarming(Freshness::fresh));
    CHECK_FALSE(is_alarming(Freshness::unknown));
}

TEST_CASE("an age that is told is never less than nothing") {
    CHECK(tellable_age(5s) == 5s);
    CHECK(tellable_age(-5s) == 0s);
    CHECK_FALSE(tellable_age(-2h));
    CHECK_FALSE(tellable_age({}));
}
