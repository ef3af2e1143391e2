#include "snapferry/core/set_aside.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("a copy that was set aside tells whose it is") {
    const std::string text =
        GENERATE(std::string{"a"}, std::string{"2021-08-17T07:00:01+00:00-@hourly"},
                 std::string{"x.replaced-1"}, std::string{"x.replaced-"}, std::string{"ü@daily"});
    const auto name = SnapshotName::parse(text).value();
    for (const unsigned number : {1U, 2U, 10U, 4294967295U}) {
        CHECK(name_before_replacement(replaced_name(name, number)) == name);
        CHECK_FALSE(name_before_replacement(incomplete_name(name, number)));
    }
}

TEST_CASE("names that were set aside look as documented, and fit a directory") {
    const auto name = SnapshotName::parse("day-@daily").value();
    CHECK(replaced_name(name, 1) == "day-@daily.replaced-1");
    CHECK(incomplete_name(name, 12) == "day-@daily.incomplete-12");

    const auto longest = SnapshotName::parse(std::string(SnapshotName::max_size, 'x')).value();
    CHECK(replaced_name(longest, 4294967295U).size() <= 255);
    CHECK(incomplete_name(longest, 4294967295U).size() <= 255);
}

TEST_CASE("no other name is taken for one that was set aside") {
    const auto* text = GENERATE("", "a", ".replaced-1", "a.replaced-", "a.replaced-x",
                                "a.replaced-1x", "a.replaced--1", "a.replaced-1 ", "a.replaced1",
                                "a.incomplete-1", "a/b.replaced-1", "a\n.replaced-1");
    CAPTURE(text);
    CHECK_FALSE(name_before_replacement(text));
}
