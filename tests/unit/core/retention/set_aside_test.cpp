#include "snapferry/core/retention/set_aside.h"

#include "catch.h"
#include "snapferry/core/unicode/utf8.h"

using namespace snapferry;

namespace {

SnapshotName name(const std::string& text) {
    return SnapshotName::parse(text).value();
}

const std::string euro = "\xe2\x82\xac";  // three bytes

std::string euros(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += euro;
    return text;
}

}  // namespace

TEST_CASE("names that were set aside look as documented") {
    CHECK(replaced_name(name("day-@daily"), 1).text() == "day-@daily.replaced-1");
    CHECK(incomplete_name(name("day-@daily"), 12).text() == "day-@daily.incomplete-12");
    CHECK(replaced_name(name("x.replaced-1"), 1).text() == "x.replaced-1.replaced-1");
    CHECK(arriving_name(name("day-@daily")) == ".arriving.day-@daily");
}

TEST_CASE("whatever is set aside has a name that a snapshot can have, and its number at the end") {
    const std::string text = GENERATE(
        std::string{"a"}, std::string(188, 'x'), std::string(189, 'x'), std::string(190, 'x'),
        std::string(199, 'x'), std::string(SnapshotName::max_size, 'x'), euros(66), "x" + euros(66),
        "xx" + euros(66), euros(63) + "x", std::string(188, 'x') + euro,
        std::string(187, 'x') + euro);
    for (const unsigned number : {1U, 2U, 9U, 10U, 99U, 4294967295U}) {
        const auto ending = "-" + std::to_string(number);
        for (const auto& aside :
             {replaced_name(name(text), number), incomplete_name(name(text), number)}) {
            CAPTURE(text, aside.text());
            CHECK(aside.text().size() <= SnapshotName::max_size);
            CHECK(SnapshotName::parse(aside.text()) == aside);
            CHECK(aside.text().ends_with(ending));
            const auto stem = aside.text().substr(0, aside.text().rfind('.'));
            CHECK(text.starts_with(stem));
            if (text.size() + 11 + ending.size() <= SnapshotName::max_size)
                CHECK(stem == text);
        }
    }
}

TEST_CASE("numbers of one name are never two names for the same") {
    const auto longest = name(std::string(SnapshotName::max_size, 'x'));
    CHECK(replaced_name(longest, 1) != replaced_name(longest, 2));
    CHECK(replaced_name(longest, 9) != replaced_name(longest, 10));
    CHECK(replaced_name(longest, 1) != incomplete_name(longest, 1));
}

TEST_CASE("what is on its way says whither, and nothing else does") {
    for (const auto& text : {std::string{"a"}, std::string(SnapshotName::max_size, 'x'),
                             std::string{".arriving"}.substr(1), euros(66)}) {
        const auto arriving = arriving_name(name(text));
        CHECK(name_of_arriving(arriving) == name(text));
        CHECK_FALSE(SnapshotName::parse(arriving));  // so no sender can have it made
        CHECK(arriving.size() <= 255);               // what a directory takes
    }
    const auto* other = GENERATE("", "a", ".arriving", ".arriving.", "arriving.a", ".arriving..a",
                                 ".arriving.a/b", ".arriving.a\n", "x.arriving.a");
    CAPTURE(other);
    CHECK_FALSE(name_of_arriving(other));
}

TEST_CASE("an overlong name of an earlier version tells whose copy it is") {
    const std::string longest(SnapshotName::max_size, 'x');
    CHECK(name_before_overlong_replacement(longest + ".replaced-1") == name(longest));
    CHECK(name_before_overlong_replacement(longest + ".replaced-4294967295") == name(longest));
    const std::string shorter(190, 'x');
    CHECK(name_before_overlong_replacement(shorter + ".replaced-1") == name(shorter));  // 201
    CHECK_FALSE(name_before_overlong_replacement(shorter + ".replaced-"));
    CHECK_FALSE(name_before_overlong_replacement(longest + ".incomplete-1"));
    CHECK_FALSE(name_before_overlong_replacement(longest + ".replaced-x"));
    CHECK_FALSE(name_before_overlong_replacement(longest + ".replaced-"));
    CHECK_FALSE(name_before_overlong_replacement(longest + "y.replaced-1"));
    CHECK_FALSE(name_before_overlong_replacement("." + shorter + ".replaced-12"));
    CHECK_FALSE(name_before_overlong_replacement("a.replaced-1"));  // counted as it is
    CHECK_FALSE(name_before_overlong_replacement(""));
}
