#include "snapferry/core/agenda/stale_watch.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;

namespace {

constexpr BootTime start{100h};

}  // namespace

TEST_CASE("where nothing is known nobody is told") {
    const StaleWatch watch;
    CHECK_FALSE(watch.due(age_asked_for(26h), start));
}

TEST_CASE("where nobody knows how often a backup is made, eight days are too old") {
    StaleWatch watch;
    watch.found(1h, start);
    CHECK(watch.due({}, start) == start + 8 * 24h - 1h + 1s);
}

TEST_CASE("a backup that becomes too old is told of then, and then once a day") {
    StaleWatch watch;
    watch.found(1h, start);
    CHECK(watch.due(age_asked_for(26h), start) == start + 25h + 1s);
    watch.told(start + 25h + 1s);
    CHECK(watch.due(age_asked_for(26h), start + 26h) == start + 49h + 1s);
    CHECK(watch.age(start + 26h) == 27h);
}

TEST_CASE("what a run has told itself is told of again after a day") {
    StaleWatch watch;
    watch.found(48h, start);
    CHECK(watch.due(age_asked_for(26h), start) == start + 24h);
}

TEST_CASE("what is from the future is alarming at once") {
    StaleWatch watch;
    watch.found(-1000h, start);
    CHECK(watch.due(age_asked_for(26h), start) == start + 24h);  // the run has told
    watch.found(-1min, start);                                   // clocks that differ a little
    CHECK(watch.due(age_asked_for(26h), start) == start + 26h + 1min + 1s);
}
