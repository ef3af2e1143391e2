#include "snapferry/core/age/arrivals.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

const CountedTime now{100h};

Uuid copy(unsigned number) {
    std::array<std::byte, Uuid::size> bytes{};
    bytes[15] = static_cast<std::byte>(number);
    return Uuid{bytes};
}

Backup backup(unsigned number) {
    return {SnapshotName::parse("day@daily").value(), copy(99), number, {}, copy(number)};
}

const std::vector<Backup> three{backup(3), backup(2), backup(1)};  // newest first

}  // namespace

TEST_CASE("what was never noted arrived now") {
    CHECK(arrivals_of(three, {}, now) == Arrivals{{copy(1), now}, {copy(2), now}, {copy(3), now}});
}

TEST_CASE("what is noted stays so, and what is gone is left out") {
    const Arrivals noted{{copy(1), now - 3h}, {copy(2), now - 2h}, {copy(3), now - 1h}};
    CHECK(arrivals_of(three, noted, now) == noted);
    CHECK(arrivals_of(std::span(three).first(1), noted, now) == Arrivals{{copy(3), now - 1h}});
}

TEST_CASE("what arrived before a backup whose time is known is no younger") {
    CHECK(arrivals_of(three, {{copy(2), now - 2h}}, now) ==
          Arrivals{{copy(1), now - 2h}, {copy(2), now - 2h}, {copy(3), now}});
}

TEST_CASE("a note from the future is as good as none") {
    CHECK(arrivals_of(three, {{copy(1), now + 900h}, {copy(2), now + 1ms}, {copy(3), now - 1h}},
                      now) ==
          Arrivals{{copy(1), now - 1h}, {copy(2), now - 1h}, {copy(3), now - 1h}});
}
