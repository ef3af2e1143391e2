#include "snapferry/core/plan/disuse.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("each day counts once, in whatever order the clock shows them") {
    Disuse disuse;
    for (const std::int64_t day : {100, 100, 101, 101, 20000, 20000, 7, 7}) {
        disuse = after_a_day(disuse, day);
    }
    CHECK(disuse == Disuse{4, 7});
    CHECK(after_a_day({}, 0) == Disuse{1, 0});
}

TEST_CASE("a month is no disuse, and more is, for good") {
    Disuse disuse;
    for (std::int64_t day = 0; day < 31; ++day) {
        disuse = after_a_day(disuse, day);
    }
    CHECK_FALSE(is_abandoned(disuse));
    for (std::int64_t day = 31; day < 1000; ++day) {
        disuse = after_a_day(disuse, day);
    }
    CHECK(is_abandoned(disuse));
}

TEST_CASE("a note of disuse comes back as it was, and anything else is none") {
    const Disuse disuse{3, 20783};
    CHECK(disuse_text(disuse) == "3 20783\n");
    CHECK(parse_disuse("3 20783\n") == disuse);
    for (const auto* const text : {"", " ", "3", "3 ", "3 20783", "3 20783\nx", "x 1\n", "-1 1\n",
                                   "99999999999 1\n", "3\n20783\n"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_disuse(text));
    }
}
