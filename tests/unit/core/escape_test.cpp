#include "snapferry/core/escape.h"

#include "catch.h"

using snapferry::escape_text;

TEST_CASE("text that is fit for a terminal stays as it is") {
    const std::string text = GENERATE(std::string{}, std::string{"home@daily"},
                                      std::string{"a 'b' \"c\""}, std::string{"Größe 日本 🐟"});
    CHECK(escape_text(text) == text);
}

TEST_CASE("controls, stray bytes and backslashes are escaped") {
    const auto [text, escaped] = GENERATE(table<std::string, std::string>({
        {"a\nb", "a\\x0ab"},
        {"\x1b[31m", "\\x1b[31m"},
        {std::string{"\0", 1}, "\\x00"},
        {"\x7f", "\\x7f"},
        {"\xc2\x9b", "\\xc2\\x9b"},
        {"a\xff\xc3", "a\\xff\\xc3"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\\x0a", "\\\\x0a"},
    }));
    CHECK(escape_text(text) == escaped);
}

TEST_CASE("no more of a text is shown than the limit, and no half character") {
    CHECK(escape_text("abcd", 4) == "abcd");
    CHECK(escape_text("abcde", 4) == "abcd...");
    CHECK(escape_text("abcü", 4) == "abc...");
    CHECK(escape_text("abü", 4) == "abü");
    CHECK(escape_text("abc", 0) == "...");
    CHECK(escape_text("", 0).empty());
}

TEST_CASE("no byte below a space, and no DEL, is left in escaped text") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    for (const char c : escape_text(all))
        CHECK((c >= ' ' && c <= '~'));
}
