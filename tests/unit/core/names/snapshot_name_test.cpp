#include "snapferry/core/names/snapshot_name.h"

#include "catch.h"

using snapferry::SnapshotName;

TEST_CASE("names that snapshot rotation gives are names of snapshots") {
    const std::string text = GENERATE(
        std::string{"2021-08-17T07:00:01+00:00-@hourly"}, std::string{"home@daily"},
        std::string{"-rf"}, std::string{"a b"}, std::string{"Größe-日本-🐟"}, std::string(200, 'x'));
    const auto name = SnapshotName::parse(text);
    REQUIRE(name);
    CHECK(name->text() == text);
}

TEST_CASE("a name that could leave its directory, its line or its encoding is none") {
    const std::string text = GENERATE(
        std::string{}, std::string{"."}, std::string{".."}, std::string{".hidden"},
        std::string{"a/b"}, std::string{"/a"}, std::string{"a\nb"}, std::string{"a\x1b[0m"},
        std::string{"a\x7f"}, std::string{"a\xc2\x9bm"}, std::string{"a\0b", 3},
        std::string{"\xff"}, std::string{"a\xc3"}, std::string(201, 'x'));
    CAPTURE(text);
    CHECK_FALSE(SnapshotName::parse(text));
    CHECK_FALSE(SnapshotName::fault(text).empty());
}

TEST_CASE("what is wrong with a name is told") {
    CHECK(SnapshotName::fault(std::string(201, 'x')) == "is longer than 200 bytes");
    CHECK(SnapshotName::fault("a\nb") == "holds a control character");
    CHECK(SnapshotName::fault("\xff") == "is not UTF-8");
    CHECK(SnapshotName::fault(std::string(200, 'x')).empty());
}

TEST_CASE("the tag of a snapshot is the whole of what follows its last at sign") {
    const auto name = SnapshotName::parse("2021-08-17T07:00:01+00:00-@hourly");
    REQUIRE(name);
    CHECK(name->has_tag("hourly"));
    CHECK_FALSE(name->has_tag("ourly"));
    CHECK_FALSE(name->has_tag("Hourly"));
    CHECK_FALSE(name->has_tag("2021-08-17T07:00:01+00:00-@hourly"));
    CHECK_FALSE(name->has_tag("x2021-08-17T07:00:01+00:00-@hourly"));
    CHECK_FALSE(name->has_tag(""));
}

TEST_CASE("snapshots order by their names, and so by their ISO times") {
    CHECK(*SnapshotName::parse("2021-08-17T07:00:01+00:00-@hourly") <
          *SnapshotName::parse("2021-08-17T08:00:01+00:00-@hourly"));
}
