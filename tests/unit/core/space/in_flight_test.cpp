#include "snapferry/core/space/in_flight.h"

#include "catch.h"

using snapferry::InFlight;

TEST_CASE("what was handed on counts until the stream has gone on far enough") {
    InFlight demands;
    CHECK(demands.size(0) == 0);
    demands.add(100, 7);
    demands.add(200, 5);
    CHECK(demands.size(200) == 12);
    CHECK(demands.size(100 + InFlight::reach) == 12);
    CHECK(demands.size(101 + InFlight::reach) == 5);
    CHECK(demands.size(201 + InFlight::reach) == 0);
}
