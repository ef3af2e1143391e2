#include "snapferry/core/age/arrivals.h"

#include "catch.h"
#include "snapferry/core/time/name_time.h"

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

std::chrono::seconds no_offset(std::chrono::sys_seconds /*at*/) {
    return 0s;
}

/// What is noted of them, the counted times alone.
std::map<Uuid, CountedTime> counted(std::span<const Backup> backups,
                                    const std::map<Uuid, CountedTime>& noted) {
    ArrivalBook book;
    for (const auto& [one, time] : noted)
        book.present[one].counted = time;
    std::map<Uuid, CountedTime> found;
    for (const auto& [one, arrival] : settle(backups, book, now, no_offset).present)
        found.emplace(one, arrival.counted);
    return found;
}

using Times = std::map<Uuid, CountedTime>;

const std::vector<Backup> three{backup(3), backup(2), backup(1)};  // newest first

}  // namespace

TEST_CASE("what was never noted arrived now") {
    CHECK(counted(three, {}) == Times{{copy(1), now}, {copy(2), now}, {copy(3), now}});
}

TEST_CASE("what is noted stays so, and what is gone is left out") {
    const Times noted{{copy(1), now - 3h}, {copy(2), now - 2h}, {copy(3), now - 1h}};
    CHECK(counted(three, noted) == noted);
    CHECK(counted(std::span(three).first(1), noted) == Times{{copy(3), now - 1h}});
}

TEST_CASE("what arrived before a backup whose time is known is no younger") {
    CHECK(counted(three, {{copy(2), now - 2h}}) ==
          Times{{copy(1), now - 2h}, {copy(2), now - 2h}, {copy(3), now}});
}

TEST_CASE("a note from the future is as good as none") {
    CHECK(counted(three, {{copy(1), now + 900h}, {copy(2), now + 1ms}, {copy(3), now - 1h}}) ==
          Times{{copy(1), now - 1h}, {copy(2), now - 1h}, {copy(3), now - 1h}});
}

TEST_CASE("what is gone stays noted, up to a number") {
    ArrivalBook noted;
    noted.present[copy(1)] = {now - 3h, {std::chrono::sys_seconds{9s}, 0s}, {1, 1, 1, 1, 1}, 17};
    noted.gone.resize(most_gone, Arrival{now - 9h});
    const auto book = settle(std::span(three).first(1), noted, now, no_offset);
    CHECK(book.present.size() == 1);
    REQUIRE(book.gone.size() == most_gone);
    CHECK(book.gone.back() == noted.present[copy(1)]);
    CHECK(settle(std::span(three).first(1), book, now + 1h, no_offset) == book);
}

TEST_CASE("a backup that was brought over belongs where its name says, if that can be") {
    const auto at = [](unsigned number, const std::string& name) {
        auto one = backup(number);
        one.name = SnapshotName::parse(name).value();
        one.arrived = *time_in_name("2026-11-26T12:00:00+00:00");
        return one;
    };
    const std::vector backups{at(4, "2027-01-01T07:00:00+00:00-of-the-future"),
                              at(3, "2026-11-02T07:00:00+00:00"), at(2, "2026-12-01-no-time"),
                              at(1, "2026-11-01T07:00:00+00:00")};
    auto found = settle(backups, {}, now, no_offset).present;
    CHECK(found[copy(1)].when.at == *time_in_name("2026-11-01T07:00:00+00:00"));
    CHECK(found[copy(2)].when.at == backups[0].arrived);
    CHECK(found[copy(3)].when.at == backups[0].arrived);  // out of order
    CHECK(found[copy(4)].when.at == backups[0].arrived);
}

TEST_CASE("what was seen to arrive belongs where the clock was, whatever its name says") {
    auto one = backup(1);
    one.name = SnapshotName::parse("2026-11-01T07:00:00+00:00").value();
    ArrivalBook noted;
    noted.present[copy(1)] = {now, {std::chrono::sys_seconds{40 * 24h}, 3600s}};
    const auto found = settle(std::span(&one, 1), noted, now, no_offset).present.at(copy(1));
    CHECK(found.when == LocalMoment{std::chrono::sys_seconds{40 * 24h}, 3600s});
    CHECK(found.periods == PeriodIds{1, 1, 1, 1, 1});
}
