#include "snapferry/core/check/receiver_word_json.h"

#include <nlohmann/json.hpp>

#include "catch.h"

using namespace snapferry;

TEST_CASE("a receiver's word arrives as it was said") {
    const ReceiverWord word{{{CheckState::ok, "1 TiB free"}, {CheckState::warning, "old scrub"}},
                            {{CheckState::critical, "ALARM"}}};
    CHECK(parse_word(word_text(word)) == word);
    CHECK(parse_word(word_text({})) == ReceiverWord{});
}

TEST_CASE("whatever a receiver says of itself is bounded, escaped, and never a failure") {
    CHECK_FALSE(parse_word(""));
    CHECK_FALSE(parse_word("[1]"));
    CHECK(parse_word(R"({"disk": 7, "tag": [1, {}, {"state": "fine", "text": "x"},
                         {"state": "ok"}, {"state": "ok", "text": 1}]})") == ReceiverWord{});
    auto many = nlohmann::json::array();
    for (int number = 0; number < 1000; ++number)
        many.push_back({{"state", "ok"}, {"text", std::string(5000, 'x') + "\x1b[31m"}});
    const auto word = word_in({{"disk", many}});
    REQUIRE(word);
    CHECK(word->disk.size() == most_findings);
    CHECK(word->disk.front().text.size() <= longest_finding + 3);
    const auto evil = parse_word(R"({"disk": [{"state": "ok", "text": "a\u001b[31m\nb|c"}]})");
    REQUIRE(evil);
    CHECK(evil->disk.front().text.find('\x1b') == std::string::npos);
    CHECK(evil->disk.front().text.find('\n') == std::string::npos);
}

TEST_CASE("where there is too much to say, the worst is said") {
    ReceiverWord word;
    for (int number = 0; number < 30; ++number)
        word.disk.push_back({CheckState::ok, "well"});
    word.disk.push_back({CheckState::critical, "missing"});
    const auto said = parse_word(word_text(word));
    REQUIRE(said);
    CHECK(said->disk.size() == most_findings);
    CHECK(said->disk.front().text == "missing");
}
