#include "snapferry/admin/report/scale.h"

#include "admin/job_sample.h"
#include "catch.h"

using namespace snapferry;
using namespace snapferry::admin;
using snapferry::testing::noon;
using namespace std::chrono_literals;

TEST_CASE("a range goes from the earliest to now, and is never empty") {
    CHECK(time_range({}, noon).from == noon - 1h);
    CHECK(time_range({}, noon).to == noon);
    const std::vector<WallTime> times{noon - 48h, noon - 72h, noon - 1h};
    CHECK(time_range(times, noon).from == noon - 72h);
    CHECK(time_range(times, noon).to == noon);
    const std::vector<WallTime> future{noon + 48h};
    CHECK(time_range(future, noon).to == noon + 48h);
}

TEST_CASE("moments lie within a range by their share") {
    const TimeRange range{noon - 4h, noon};
    CHECK(range.share(noon - 4h) == 0);
    CHECK(range.share(noon - 1h) == 0.75);
    CHECK(range.share(noon + 9h) == 1);
    CHECK(range.share(noon - 9h) == 0);
}

TEST_CASE("the time's ticks are few, even, within and without doubles") {
    for (const auto span : {std::chrono::hours(1), std::chrono::hours(5), std::chrono::hours(30),
                            std::chrono::hours(24 * 9), std::chrono::hours(24 * 100),
                            std::chrono::hours(24 * 3000), std::chrono::hours(24 * 40000)}) {
        const TimeRange range{noon - span, noon};
        const auto ticks = time_ticks(range);
        CHECK(ticks.size() >= 1);
        CHECK(ticks.size() <= 8);
        for (std::size_t index = 0; index < ticks.size(); ++index) {
            CHECK(ticks[index].at >= range.from);
            CHECK(ticks[index].at <= range.to);
            if (index > 0)
                CHECK(ticks[index].label != ticks[index - 1].label);
        }
    }
}

TEST_CASE("days begin at midnight of local time") {
    for (const auto& tick : time_ticks({noon - 24h * 6, noon}))
        CHECK(tick.label.size() == std::string("2025-11-25").size());
    for (const auto& tick : time_ticks({noon - 24h, noon}))
        CHECK(tick.label.substr(tick.label.size() - 3) == ":00");
}

TEST_CASE("values that are alike stand on zero, those far apart by magnitude") {
    const std::vector<double> alike{1000, 3000, 2500};
    const auto linear = value_scale(alike, byte_steps());
    CHECK_FALSE(linear.logarithmic);
    CHECK(linear.ticks == std::vector<double>{0, 1024, 2048, 3072});
    CHECK(linear.share(0) == 0);
    CHECK(linear.share(3072) == 1);
    CHECK(linear.share(1536) == 0.5);

    const double mebi = 1 << 20;
    const std::vector<double> apart{3 * mebi, 700 * 1024 * mebi};
    const auto magnitudes = value_scale(apart, byte_steps());
    CHECK(magnitudes.logarithmic);
    CHECK(magnitudes.low <= 3 * mebi);
    CHECK(magnitudes.high >= 700 * 1024 * mebi);
    CHECK(magnitudes.ticks.size() <= 5);
    CHECK(magnitudes.share(magnitudes.low) == 0);
    CHECK(magnitudes.share(0) == 0);
    CHECK(magnitudes.share(magnitudes.high) == 1);
    CHECK(magnitudes.share(3 * mebi) < 0.2);
    CHECK(magnitudes.share(700 * 1024 * mebi) > 0.8);
}

TEST_CASE("a scale can be made of anything") {
    const std::vector<double> none;
    const std::vector<double> zeros{0, 0};
    const std::vector<double> one{1};
    const std::vector<double> huge{1, 1e19};
    const std::vector<double> years{0.0001, 1e9};
    for (const auto* const values : {&none, &zeros, &one, &huge, &years})
        for (const auto steps : {byte_steps(), second_steps()}) {
            const auto scale = value_scale(*values, steps);
            CHECK(scale.high > scale.low);
            CHECK(scale.ticks.size() >= 2);
            CHECK(scale.ticks.size() <= 6);
            for (const double value : *values) {
                CHECK(scale.share(value) >= 0);
                CHECK(scale.share(value) <= 1);
            }
        }
}
