#include "snapferry/core/proof/part.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "catch.h"

namespace snapferry::proof {
namespace {

CountedTime at(int hour) {
    return CountedTime(std::chrono::hours(hour));
}

TEST_CASE("A part is a number of so many") {
    CHECK(parse_part("3/12") == Part{3, 12});
    CHECK(parse_part("1/1").value().is_whole());
    CHECK(parse_part("1000/1000").has_value());
    for (const auto* const wrong :
         {"", "/", "3", "3/", "/12", "0/12", "13/12", "1/0", "1/1001", "3/12 ", "+3/12", "a/b"}) {
        CHECK_FALSE(parse_part(wrong));
    }
    CHECK(part_text({3, 12}) == "part 3 of 12");
}

TEST_CASE("Every path is in exactly one part of so many, and the parts are about as large") {
    constexpr unsigned parts = 12;
    std::array<int, parts> counts{};
    for (int number = 0; number < 1200; ++number) {
        const auto path = fmt::format("photos/{}/IMG_{}.jpg", number % 7, number);
        int in = 0;
        for (unsigned part = 1; part <= parts; ++part) {
            const bool is_in = holds({part, parts}, path);
            in += is_in ? 1 : 0;
            counts.at(part - 1) += is_in ? 1 : 0;
        }
        CHECK(in == 1);
        CHECK(holds({}, path));
    }
    for (const int count : counts) {
        CHECK(count > 50);
        CHECK(count < 150);
    }
}

TEST_CASE("In which part a path is never changes: a year of parts needs many versions") {
    CHECK(holds({11, 12}, ""));
    CHECK(holds({8, 12}, "a"));
    CHECK(holds({4, 12}, "photos/IMG_1.jpg"));
}

TEST_CASE("The next part is one that was never gone through, and then the oldest") {
    PartsDone done;
    CHECK(next_part(3, done) == Part{1, 3});
    done = {3, {{1, at(1)}, {3, at(2)}}};
    CHECK(next_part(3, done) == Part{2, 3});
    done.when[2] = at(3);
    CHECK(next_part(3, done) == Part{1, 3});
    done.when[1] = at(4);
    CHECK(next_part(3, done) == Part{3, 3});
    CHECK(next_part(4, done) == Part{1, 4});  // what was done of three says nothing of four
    CHECK(next_part(1, {}) == Part{});
}

}  // namespace
}  // namespace snapferry::proof
