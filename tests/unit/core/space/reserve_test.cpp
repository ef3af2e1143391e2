#include "snapferry/core/space/reserve.h"

#include "catch.h"

using snapferry::Reserve;

TEST_CASE("a reserve is a share of the disk or a size") {
    constexpr std::uint64_t disk = 1'000'000;
    CHECK(Reserve::parse("2%")->bytes_of(disk) == 20'000);
    CHECK(Reserve::parse("0%")->bytes_of(disk) == 0);
    CHECK(Reserve::parse("50%")->bytes_of(disk) == 500'000);
    CHECK(Reserve::parse("0B")->bytes_of(disk) == 0);
    CHECK(Reserve::parse("4KiB")->bytes_of(disk) == 4096);
    CHECK(Reserve::parse("2TiB")->bytes_of(disk) == std::uint64_t{2} << 40);
    CHECK(Reserve::percent(50).bytes_of(~std::uint64_t{0}) > std::uint64_t{1} << 62);
}

TEST_CASE("what is neither a share nor a size is no reserve") {
    for (const auto* text : {"", "%", "51%", "-1%", "2 %", "2.5%", "2%%", "%2", "2", "GiB", "x"}) {
        CAPTURE(text);
        CHECK_FALSE(Reserve::parse(text));
    }
}
