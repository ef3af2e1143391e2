#include "snapferry/core/setup/text/text_lines.h"

#include <string>

#include "catch.h"

using namespace snapferry::setup;

TEST_CASE("the lines of a text joined are the text") {
    for (const std::string text : {"", "\n", "a", "a\n", "a\r\n\nb", "\n\n"}) {
        std::string joined;
        for (const auto line : lines_of(text)) {
            joined += line;
        }
        CHECK(joined == text);
    }
}

TEST_CASE("what changes between two texts is told line by line, escaped") {
    CHECK(changes_between("a\nb\n", "a\nc\x1b\n") == std::vector<std::string>{"- b", "+ c\\x1b"});
    CHECK(changes_between("a\na\n", "a\n") == std::vector<std::string>{"- a"});
    CHECK(changes_between("a\n", "a").empty());
    CHECK(with_line("a", "b") == "a\nb\n");
}
