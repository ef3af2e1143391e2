#include "snapferry/core/text/line_splitter.h"

#include <string_view>
#include <vector>

#include "catch.h"

using snapferry::LineSplitter;

namespace {

std::vector<std::string> lines_of(const std::vector<std::string_view>& pieces) {
    std::vector<std::string> lines;
    LineSplitter splitter([&](const std::string& line) { lines.push_back(line); });
    for (const auto piece : pieces) {
        splitter.push(std::as_bytes(std::span(piece)));
    }
    splitter.finish();
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines are found wherever the pieces are cut") {
    CHECK(lines_of({"one\ntwo\n"}) == Lines{"one", "two"});
    CHECK(lines_of({"o", "ne\nt", "wo", "\n"}) == Lines{"one", "two"});
    CHECK(lines_of({"", "\n\n", "x\n"}) == Lines{"", "", "x"});
    CHECK(lines_of({}).empty());
}

TEST_CASE("a last line without a line feed counts") {
    CHECK(lines_of({"one\ntw", "o"}) == Lines{"one", "two"});
}

TEST_CASE("a line longer than the limit is cut and the next one is whole") {
    const std::string flood(3 * LineSplitter::longest, 'x');
    CHECK(lines_of({flood, "\nnext\n"}) == Lines{flood.substr(0, LineSplitter::longest), "next"});
}
