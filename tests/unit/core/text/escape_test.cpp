#include "snapferry/core/text/escape.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

namespace {

/// What a screen shows as nothing, or by what it moves something else: a sample of each kind.
const std::vector<std::string> unseen{
    "\u061c", "\u200b", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029",     "\u202a",
    "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u00ad", "\ufe0f",     "\u3164",
    "\u180e", "\ufff9", "\u034f", "\u115f", "\u206a", "\u2064", "\U000e0041", "\U000e0100"};

std::string in_hex(const std::string& bytes) {
    std::string text;
    for (const char byte : bytes) {
        text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

}  // namespace

TEST_CASE("what is not seen, or turns the direction of what is, is escaped") {
    for (const auto& character : unseen) {
        CHECK(escape_text("a" + character + "b") == "a" + in_hex(character) + "b");
        CHECK(snapferry::safe_line("a" + character + "b") == "a" + in_hex(character) + "b");
    }
    for (const auto* const text : {"\u2026", "\u00a0", "\u0627\u05d0", "e\u0301", "\u2192"}) {
        CHECK(escape_text(text) == text);
    }
}

TEST_CASE("a line that was escaped before stays as it is, and one that was not is safe") {
    for (const std::string& text :
         {std::string("a\nb\x1b[2J\xc2\x9b\x7f"), std::string("\\x0a \\"), std::string("\xff\xfe"),
          std::string("Größe 日本 🐟"), std::string("\u202egpj.exe")}) {
        const auto escaped = escape_text(text);
        CHECK(snapferry::safe_line(escaped) == escaped);
        for (const char byte : snapferry::safe_line(text)) {
            CHECK(static_cast<unsigned char>(byte) >= ' ');
        }
    }
    CHECK(snapferry::safe_line("\\x0a \\") == "\\x0a \\");
}

TEST_CASE("a JSON document says the same with what is not seen escaped") {
    for (const auto& character : unseen) {
        const nlohmann::json document{{"name", "a" + character + "b\x7f\u009b\n\\"}};
        const auto text = snapferry::safe_json(document.dump(1));
        CHECK(text.find(character) == std::string::npos);
        CHECK(text.find('\x7f') == std::string::npos);
        CHECK(nlohmann::json::parse(text) == document);
    }
    CHECK(snapferry::safe_json("{\n \"é\": 1\n}") == "{\n \"é\": 1\n}");
}
