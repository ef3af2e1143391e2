#include "snapferry/sys/pauses.h"

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::sys;

namespace {

const auto home = Tag::parse("home");

}  // namespace

TEST_CASE("a pause lasts until it is ended") {
    const snapferry::testing::TemporaryDirectory directory;
    const Pauses pauses(directory / "state");
    CHECK_FALSE(pauses.of("home"));
    CHECK(pauses.all().empty());
    pauses.begin(home, "because");
    const auto pause = Pauses(directory / "state").of("home");
    REQUIRE(pause);
    CHECK(pause->why == "because");
    CHECK(pause->since);
    CHECK_FALSE(pauses.of("music"));
    CHECK(pauses.all().size() == 1);
    CHECK(pauses.end("home"));
    CHECK_FALSE(pauses.end("home"));
    CHECK_FALSE(pauses.of("home"));
}

TEST_CASE("a pause that is there already stays as it is") {
    const snapferry::testing::TemporaryDirectory directory;
    const Pauses pauses(directory.path());
    pauses.begin(home, "first");
    pauses.begin(home, "second");
    CHECK(pauses.of("home")->why == "first");
}

TEST_CASE("a note that is damaged is a pause all the same") {
    const snapferry::testing::TemporaryDirectory directory;
    const Pauses pauses(directory.path());
    pauses.begin(home, "because");
    for (const auto& content : {std::string{}, std::string("\n"), std::string("yesterday\nwhy\n"),
                                std::string("12"), std::string(100'000, 'x')}) {
        (void)directory.file("paused/home", content);
        CAPTURE(content.substr(0, 20));
        CHECK(pauses.of("home"));
        CHECK_FALSE(pauses.of("home")->since);
        CHECK(pause_text(*pauses.of("home")) == "paused");
    }
}

TEST_CASE("what can be no tag is not paused") {
    const snapferry::testing::TemporaryDirectory directory;
    const Pauses pauses(directory.path());
    CHECK_FALSE(pauses.end("../paused"));
    CHECK_FALSE(pauses.end(""));
}
