#include "snapferry/core/text/last_lines.h"

#include "catch.h"

using snapferry::LastLines;

namespace {

std::string last_of(const std::string& said) {
    LastLines lines;
    lines.push(std::as_bytes(std::span(said)));
    return lines.text();
}

}  // namespace

TEST_CASE("of what a program says the last lines are kept, without what is blank") {
    CHECK(last_of("").empty());
    CHECK(last_of("\n \t\n\r\n").empty());
    CHECK(last_of("one") == "one");
    CHECK(last_of("one\n\n  two \r\n") == "one; two");
    CHECK(last_of("1\n2\n3\n4\n5\n") == "3; 4; 5");
}

TEST_CASE("the last lines of a program are fit for a log, whatever they hold") {
    CHECK(last_of("\x1b[31mred\n") == "\\x1b[31mred");
    CHECK(last_of(std::string(10'000'000, 'x')).size() < 300);
}

TEST_CASE("a line that comes in pieces is one") {
    LastLines lines;
    for (const std::string piece : {"cannot ", "mou", "nt\n", "really"}) {
        lines.push(std::as_bytes(std::span(piece)));
    }
    CHECK(lines.text() == "cannot mount; really");
}
