#include "snapferry/core/report/progress_text.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::uint64_t mib = std::uint64_t{1} << 20;

ProgressState sending() {
    return {"home", "sending", true, 40 * gib, 50 * mib, 100 * gib};
}

}  // namespace

TEST_CASE("a line says how much, how quickly, which share and how long") {
    CHECK(progress_line(sending(), 80) ==
          "home  40.0 GiB  50.0 MiB/s  about 40 %  about 20 min 28 s left");
}

TEST_CASE("of several snapshots the line says which one it is") {
    auto state = sending();
    state.place = 3;
    state.series = 10;
    CHECK(progress_line(state, 80) ==
          "home  3 of 10  40.0 GiB  50.0 MiB/s  about 40 %  about 20 min 28 s left");
    CHECK(progress_line(state, 50) == "home  3 of 10  40.0 GiB  50.0 MiB/s  about 40 %");
    CHECK(progress_line(state, 40) == "home  40.0 GiB  50.0 MiB/s  about 40 %");
}

TEST_CASE("what has no room is left out, the least telling first") {
    CHECK(progress_line(sending(), 40) == "home  40.0 GiB  50.0 MiB/s  about 40 %");
    CHECK(progress_line(sending(), 30) == "home  40.0 GiB  50.0 MiB/s");
    CHECK(progress_line(sending(), 16) == "home  40.0 GiB");
}

TEST_CASE("a line is never wider than it may be") {
    auto state = sending();
    for (const auto* name : {"home", "a-very-long-name-of-a-job-that-somebody-chose", "grüße"}) {
        state.job = name;
        for (std::size_t width = 0; width < 100; ++width) {
            const auto line = progress_line(state, width);
            std::size_t characters = 0;
            for (const char byte : line)
                characters += (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U ? 1 : 0;
            CHECK(characters <= width);
        }
    }
}

TEST_CASE("a long name is cut, not what the line is for") {
    auto state = sending();
    state.job = "a-very-long-name-of-a-job";
    CHECK(progress_line(state, 40) == "a-ver…  40.0 GiB  50.0 MiB/s  about 40 %");
}

TEST_CASE("without an estimate there is no share and no time left") {
    auto state = sending();
    state.estimate.reset();
    CHECK(progress_line(state, 80) == "home  40.0 GiB  50.0 MiB/s");
}

TEST_CASE("an estimate that was too low is not believed, and never says that all is done") {
    auto state = sending();
    state.sent = 120 * gib;
    CHECK(progress_line(state, 80) == "home  120.0 GiB  50.0 MiB/s  about 99 %");
}

TEST_CASE("where nothing moves no time is promised") {
    auto state = sending();
    state.rate = 0;
    CHECK(progress_line(state, 80) == "home  40.0 GiB  0 B/s  about 40 %");
}

TEST_CASE("before and after the stream the line says what is being done") {
    CHECK(progress_line({"home", "connecting"}, 80) == "home  connecting");
}

TEST_CASE("a rate follows what happens lately") {
    RateMeter meter;
    RateMeter::TimePoint now{1h};
    meter.note(1000 * mib, now);  // what the receiver had already is no speed
    CHECK(meter.rate() == 0);
    std::uint64_t bytes = 1000 * mib;
    for (int second = 0; second < 60; ++second)
        meter.note(bytes += 10 * mib, now += 1s);
    CHECK(meter.rate() > 9 * mib);
    CHECK(meter.rate() <= 10 * mib);
    for (int second = 0; second < 60; ++second)
        meter.note(bytes, now += 1s);
    CHECK(meter.rate() < mib);
}

TEST_CASE("a stream that begins anew begins a new rate") {
    RateMeter meter;
    RateMeter::TimePoint now{1h};
    meter.note(0, now);
    meter.note(100 * mib, now += 1s);
    meter.note(0, now += 1s);
    CHECK(meter.rate() == 0);
    meter.note(5 * mib, now += 1s);
    CHECK(meter.rate() == 5 * mib);
}
