#include "snapferry/core/age/clock_record.h"

#include <random>

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr auto day = 24h;
const WallTime noon{1'700'000'000s};

ClockRecord begun_at(const ClockReading& reading) {
    return count_on(std::nullopt, reading);
}

/// What a record that was begun at noon, a minute after its boot, has counted at the reading.
milliseconds counted_at(const ClockReading& reading) {
    return count_on(begun_at({"a", 1min, noon}), reading).counted.time_since_epoch();
}

}  // namespace

TEST_CASE("within a boot only the time since the boot counts, whatever the clock says") {
    for (const auto jump :
         {milliseconds{0}, milliseconds{day * 3650}, milliseconds{-day * 20000}}) {
        CHECK(counted_at({"a", 1min, noon + jump}) == 0ms);
        CHECK(counted_at({"a", 6h, noon + jump}) == 6h - 1min);
    }
}

TEST_CASE("time since the boot that goes back counts nothing") {
    CHECK(counted_at({"a", 0s, noon + day}) == 0ms);
}

TEST_CASE("of the time between two boots as much counts as the clock says and the bound allows") {
    struct Row {
        milliseconds clock;  // gone on at the reading
        milliseconds since_boot;
        milliseconds counted;
    };
    const std::vector<Row> rows{
        {8h, 5min, 8h},                          // a night
        {day, 10min, day},                       // switched on once a day
        {day * 30, 1h, 1h + longest_gap},        // a month in a drawer
        {day * 3650, 5min, 5min + longest_gap},  // or the clock went ahead
        {0s, 5min, 5min},                        // the clock begins where it stopped
        {-day * 19000, 5min, 5min},              // or in 1970
        {-1h, day * 9, day * 9},
    };
    for (const auto& row : rows) {
        CAPTURE(row.clock.count(), row.since_boot.count());
        CHECK(counted_at({"b", row.since_boot, noon + row.clock}) == row.counted);
    }
}

TEST_CASE("a clock that is set right only after the boot brings the time in, but no more of it") {
    auto record = begun_at({"a", 1min, noon});
    record = count_on(record, {"b", 1min, noon + 1min});  // no battery: it goes on where it stopped
    CHECK(record.counted.time_since_epoch() == 1min);
    record = count_on(record, {"b", 2min, noon + 8h});
    CHECK(record.counted.time_since_epoch() == 8h);
    CHECK_FALSE(record.jump);
    record = count_on(record, {"b", 3min, noon + day * 3650});
    CHECK(record.counted.time_since_epoch() == longest_gap + 3min);
    record = count_on(record, {"b", 4min, noon});
    record = count_on(record, {"b", 5min, noon + day * 3650});
    CHECK(record.counted.time_since_epoch() == longest_gap + 5min);
}

TEST_CASE("a machine that is off at night ages its backups by whole days") {
    auto record = begun_at({"day 0", 1min, noon});
    for (int count = 1; count <= 30; ++count)
        record = count_on(record, {"day " + std::to_string(count), 14h, noon + day * count});
    CHECK(record.counted.time_since_epoch() == day * 30);
}

TEST_CASE("a clock that stands at 1970 at every boot does not keep time from passing") {
    auto record = begun_at({"0", 1h, WallTime{1h}});
    for (int count = 1; count <= 30; ++count)
        record = count_on(record, {std::to_string(count), 1h, WallTime{1h}});
    CHECK(record.counted.time_since_epoch() == 30h);
}

TEST_CASE("a jump is told of in both directions, and what is set right is not") {
    const auto record = begun_at({"a", 1min, noon});
    CHECK_FALSE(count_on(record, {"a", 1h, noon + 1h + 5min}).jump);
    CHECK_FALSE(count_on(record, {"b", 1h, noon + 20h}).jump);
    const auto ahead = count_on(record, {"a", 1min, noon + day * 365}).jump.value();
    CHECK(ahead.by == day * 365);
    CHECK(jump_text(ahead).find("ahead by 365 d") != std::string::npos);
    const auto back = count_on(record, {"a", 1min, noon - 2h}).jump.value();
    CHECK(back.by == -2h);
    CHECK(jump_text(back).find("back by 2 h") != std::string::npos);
    CHECK(count_on(record, {"b", 1min, noon + day * 3}).jump);
    CHECK(count_on(record, {"b", 1min, noon - day}).jump);
}

TEST_CASE("a check warns of a jump for a week") {
    const auto record = begun_at({"a", 1min, noon});
    CHECK(judge_clock(record, {"a", 1h, noon + 1h}).state == CheckState::ok);
    CHECK(judge_clock(record, {"a", 1h, noon + day}).state == CheckState::warning);
    const auto jumped = count_on(record, {"a", 1min, noon + day * 365});
    CHECK(judge_clock(jumped, {"a", day * 6, noon + day * 371}).state == CheckState::warning);
    CHECK(judge_clock(jumped, {"a", day * 8, noon + day * 373}).state == CheckState::ok);
}

/// Whatever somebody does to the wall clock, counted time gains a bound for each boot at most, and
/// loses nothing that the machine was awake for.
TEST_CASE("no series of clocks makes time pass that did not, or keeps it from passing") {
    std::mt19937_64 random{11};
    const auto upto = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random);
    };
    const std::int64_t most = std::chrono::hours{24 * 40000} / 1ms;
    for (int round = 0; round < 300; ++round) {
        milliseconds awake{upto(1'000'000)};
        auto record = begun_at({"0", awake, WallTime{milliseconds{upto(most)}}});
        milliseconds seen{0};
        int boots = 0;
        for (int step = 0; step < 40; ++step) {
            const milliseconds more{upto(10'000'000)};
            if (upto(5) == 0) {
                ++boots;
                awake = more;
            } else {
                awake += more;
            }
            seen += more;
            const auto before = record.counted;
            record = count_on(record,
                              {std::to_string(boots), awake, WallTime{milliseconds{upto(most)}}});
            REQUIRE(record.counted >= before + more);
            REQUIRE(record.counted.time_since_epoch() >= seen);
            REQUIRE(record.counted.time_since_epoch() <= seen + longest_gap * boots);
        }
    }
}
