#include "snapferry/core/retention/keep_words.h"

#include "catch.h"

using namespace snapferry;

namespace {

std::string wrong(const std::string& text) {
    const auto parsed = parse_keep(text);
    const auto* const why = std::get_if<std::string>(&parsed);
    return why == nullptr ? "nothing" : *why;
}

}  // namespace

TEST_CASE("the words of keep say how many of what") {
    const auto words = std::get<KeepWords>(parse_keep("3y 7 14d 8w 12m 24h"));
    CHECK(words.newest == 7);
    CHECK(words.periods == ByPeriod<std::size_t>{24, 14, 8, 12, 3});
    CHECK(std::get<KeepWords>(parse_keep("7")).newest == 7);
    CHECK(std::get<KeepWords>(parse_keep("1000w")).newest == 0);
}

TEST_CASE("a wrong word is named with what would be right") {
    const auto [text, why] = GENERATE(table<std::string, std::string>({
        {"", "\"\" says nothing"},
        {"   ", "says nothing"},
        {"x", "\"x\" is none of the words"},
        {"14D", "\"14D\" is none of the words"},
        {"7 14 d", "\"14\" says a second time"},
        {"d", "\"d\" is not from 1 to 1000"},
        {"12mo", "\"12mo\" is none of the words"},
        {"-7", "\"-7\" is none of the words"},
        {"+7", "\"+7\" is none of the words"},
        {"7.5", "\"7.5\" is none of the words"},
        {"0", "\"0\" is not from 1 to 1000"},
        {"0d", "\"0d\" is not from 1 to 1000"},
        {"1001d", "\"1001d\" is not from 1 to 1000"},
        {"99999999999999999999d", "is none of the words"},
        {"7d 8d", "\"8d\" says a second time"},
        {"7\t8d", "8d\" is none of the words"},
        {"7,14d", "\"7,14d\" is none of the words"},
    }));
    CAPTURE(text);
    CHECK(wrong(text).find(why) != std::string::npos);
    CHECK(wrong(text).find("\"7 14d 8w 12m 3y\"") != std::string::npos);
}

TEST_CASE("a policy is shown as its words") {
    CHECK(keep_text({7}) == "7");
    CHECK(keep_text({0, {}, {1, 2, 3, 4, 5}}) == "1h 2d 3w 4m 5y");
    CHECK(keep_text({7, {}, {0, 14, 0, 12, 0}}) == "7 14d 12m");
}
