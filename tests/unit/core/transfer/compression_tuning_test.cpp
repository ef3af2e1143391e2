#include "snapferry/core/transfer/compression_tuning.h"

#include "catch.h"
#include "failure_of.h"

using namespace snapferry;
using snapferry::testing::failure_of;

namespace {

constexpr Stretch slow_line{1.0, 0.9};     // frames pile up before it
constexpr Stretch slow_disk{0.4, 0.9};     // frames pile up, and the line has room
constexpr Stretch slow_packing{1.0, 0.0};  // the line takes frames as soon as they are made
constexpr Stretch in_balance{1.0, 0.3};

void learn(CompressionTuning& tuning, const Stretch& stretch, int times) {
    for (int i = 0; i < times; ++i)
        tuning.learn(stretch);
}

/// What a line of so many bytes a second shows, where data shrinks and packing slows down with each
/// level as it does with zstd.
Stretch stretch_of(double line, int level) {
    constexpr double unpacked = 400e6;  // bytes a second that the kernel makes
    const double factor = level == 0 ? 1.0 : 2.5 + level * 0.03;
    const double packing = level == 0 ? unpacked : std::min(unpacked, 300e6 / (1 + level * 0.8));
    const double wanted = line * factor;  // of the stream, to keep the line busy
    return {std::min(1.0, packing / wanted), std::max(0.0, 1.0 - wanted / packing)};
}

int level_for(double line) {
    CompressionTuning tuning({});
    for (int i = 0; i < 200; ++i)
        tuning.learn(stretch_of(line, tuning.level()));
    return tuning.level();
}

}  // namespace

TEST_CASE("nothing is compressed before there is a reason to") {
    CHECK(CompressionTuning({}).level() == 0);
}

TEST_CASE("a level that is demanded stays, whatever is learned") {
    for (const int demanded : {0, 1, 19}) {
        CompressionTuning tuning(demanded);
        for (const auto& stretch : {slow_line, slow_disk, slow_packing}) {
            learn(tuning, stretch, 50);
            CHECK(tuning.level() == demanded);
        }
    }
}

TEST_CASE("a slow line gets more and more of the processor, up to all there is") {
    CompressionTuning tuning({});
    int before = 0;
    for (int i = 0; i < 8; ++i) {
        tuning.learn(slow_line);
        CHECK(tuning.level() > before);
        before = tuning.level();
    }
    CHECK(tuning.level() == 19);
    learn(tuning, slow_line, 100);
    CHECK(tuning.level() == 19);
}

TEST_CASE("where the receiver's disk is the slowest nothing is compressed") {
    CompressionTuning tuning({});
    learn(tuning, slow_disk, 100);
    CHECK(tuning.level() == 0);
    learn(tuning, slow_line, 5);
    REQUIRE(tuning.level() > 0);
    learn(tuning, slow_disk, 5);
    CHECK(tuning.level() == 0);
}

TEST_CASE("a step too far is taken back, and not tried again at once") {
    CompressionTuning tuning({});
    learn(tuning, slow_line, 4);
    const int too_far = tuning.level();
    tuning.learn(slow_packing);
    CHECK(tuning.level() < too_far);
    const int taken_back = tuning.level();
    learn(tuning, slow_line, 10);
    CHECK(tuning.level() == taken_back);
    learn(tuning, slow_line, 10);
    CHECK(tuning.level() >= too_far);
}

TEST_CASE("a balance is left as it is") {
    CompressionTuning tuning({});
    learn(tuning, slow_line, 3);
    const int level = tuning.level();
    learn(tuning, in_balance, 100);
    CHECK(tuning.level() == level);
}

TEST_CASE("the slower the line the stronger the compression, and none on one that is fast") {
    CHECK(level_for(1000e6) == 0);  // bytes a second
    CHECK(level_for(12.5e6) >= 3);  // 100 Mbit/s
    CHECK(level_for(1.25e6) == 19);
    int before = 0;
    for (const double line : {500e6, 100e6, 50e6, 12e6, 5e6, 1e6}) {
        CHECK(level_for(line) >= before);
        before = level_for(line);
    }
}

TEST_CASE("a setting is auto, off, or one of zstd's levels") {
    CHECK(parse_compression_setting("auto") == std::nullopt);
    CHECK(parse_compression_setting("off") == 0);
    CHECK(parse_compression_setting("1") == 1);
    CHECK(parse_compression_setting("19") == 19);
    for (const auto* text : {"", "0", "20", "-1", "1.5", "on", "AUTO", "9 ", "99999999999"}) {
        const auto failure = failure_of([&] { (void)parse_compression_setting(text); });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(failure.hint() == "it is auto, off, or a level from 1 to 19");
    }
}

TEST_CASE("data that does not shrink is tried less and less often") {
    ShrinkWatch watch;
    int tried = 0;
    for (int frame = 0; frame < 1000; ++frame)
        if (watch.worth_trying()) {
            ++tried;
            watch.tried(false);
        }
    CHECK(tried > 10);
    CHECK(tried < 30);
}

TEST_CASE("as soon as data shrinks again every frame is tried") {
    ShrinkWatch watch;
    for (int frame = 0; frame < 500; ++frame)
        if (watch.worth_trying())
            watch.tried(false);
    int passed_by = 0;
    while (!watch.worth_trying())
        ++passed_by;
    CHECK(passed_by <= 64);
    watch.tried(true);
    for (int frame = 0; frame < 100; ++frame) {
        CHECK(watch.worth_trying());
        watch.tried(true);
    }
}
