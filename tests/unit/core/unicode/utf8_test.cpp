#include "snapferry/core/unicode/utf8.h"

#include "catch.h"

using snapferry::first_utf8_character;

TEST_CASE("the first character of a text is read with its size") {
    const auto [text, code_point, size] = GENERATE(table<std::string_view, char32_t, std::size_t>({
        {"a", U'a', 1},
        {"\x7fz", 0x7f, 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7ff, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xed\x9f\xbf", 0xd7ff, 3},
        {"\xee\x80\x80", 0xe000, 3},
        {"\xef\xbf\xbf...", 0xffff, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
    }));
    const auto character = first_utf8_character(text);
    REQUIRE(character);
    CHECK(character->code_point == code_point);
    CHECK(character->size == size);
}

TEST_CASE("a NUL is a character of one byte") {
    const auto character = first_utf8_character(std::string_view{"\0", 1});
    REQUIRE(character);
    CHECK(character->size == 1);
}

TEST_CASE("overlong forms, surrogates, cut sequences and stray bytes are not characters") {
    const auto* text =
        GENERATE("", "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2z", "\xe0\x80\x80",
                 "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
                 "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe");
    CHECK_FALSE(first_utf8_character(text));
}
