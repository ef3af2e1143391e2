#include "snapferry/core/names/tag.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using snapferry::Tag;

TEST_CASE("a tag is letters, digits, underscores and hyphens") {
    const std::string text =
        GENERATE(std::string{"home"}, std::string{"a"}, std::string{"A_b-9"}, std::string(64, 'x'));
    CHECK(Tag::parse(text).text() == text);
}

TEST_CASE("what is not a tag fails with the exit code for bad tags") {
    const std::string text =
        GENERATE(std::string{}, std::string{"."}, std::string{".."}, std::string{"a/b"},
                 std::string{"a b"}, std::string{"a\n"}, std::string{"a\0", 2}, std::string{"ü"},
                 std::string{"a*"}, std::string{"a.b"}, std::string(65, 'x'));
    CAPTURE(text);
    try {
        Tag::parse(text);
        FAIL("accepted");
    } catch (const snapferry::Failure& failure) {
        CHECK(failure.code() == snapferry::ExitCode::bad_tag);
    }
}

TEST_CASE("a bad tag is shown without its escape sequences") {
    CHECK_THROWS_WITH(Tag::parse("a\x1b[2J"), "the tag 'a\\x1b[2J' is not allowed");
}
