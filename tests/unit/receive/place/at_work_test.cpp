#include "snapferry/receive/place/at_work.h"

#include <memory>

#include "catch.h"
#include "temporary_directory.h"

using snapferry::receive::AtWork;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("a receiver knows how many others are at work") {
    const TemporaryDirectory directory;
    const auto place = directory / "at-work";
    const AtWork first(place, "home.1");
    CHECK(first.others() == 0);
    auto second = std::make_unique<AtWork>(place, "home.2");
    const AtWork third(place, "music.3");
    CHECK(first.others() == 2);
    CHECK(second->others() == 2);
    second.reset();
    CHECK(first.others() == 1);
    CHECK(third.others() == 1);
}

TEST_CASE("a receiver that was killed is not at work, and what it left goes") {
    const TemporaryDirectory directory;
    const AtWork alive(directory.path(), "home.1");
    const auto left = directory.file("music.2", "");
    CHECK(alive.others() == 0);
    CHECK_FALSE(std::filesystem::exists(left));
    CHECK(std::filesystem::exists(directory / "home.1"));
}
