#include "snapferry/core/text/duration_text.h"

#include "catch.h"

using namespace std::chrono_literals;
using snapferry::duration_text;
using snapferry::parse_duration;
using std::chrono::seconds;

TEST_CASE("a duration is a whole number and a unit") {
    const auto [text, expected] = GENERATE(table<std::string, seconds>({
        {"0s", 0s},
        {"90s", 90s},
        {"15min", 15min},
        {"36h", 36h},
        {"7d", 168h},
        {"2w", 336h},
        {"007d", 168h},
        {"36600d", 24h * 36600},
        {"3162240000s", seconds{3162240000}},
    }));
    CAPTURE(text);
    CHECK(parse_duration(text) == expected);
}

TEST_CASE("what is not a duration, or is longer than a hundred years, is not read as one") {
    const std::string text =
        GENERATE(std::string{}, std::string{"s"}, std::string{"7"}, std::string{"7 d"},
                 std::string{" 7d"}, std::string{"7d "}, std::string{"-7d"}, std::string{"-0s"},
                 std::string{"+7d"}, std::string{"1.5h"}, std::string{"7D"}, std::string{"7days"},
                 std::string{"1h30min"}, std::string{"7m"}, std::string{"0x7d"},
                 std::string("7d\0", 3), std::string{"36601d"}, std::string{"3162240001s"},
                 std::string{"99999999999999999999s"}, std::string{"9223372036854775807w"});
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a duration is shown in its two largest units") {
    const auto [duration, expected] = GENERATE(table<seconds, std::string>({
        {0s, "0 s"},
        {59s, "59 s"},
        {60s, "1 min"},
        {125s, "2 min 5 s"},
        {3600s, "1 h"},
        {3605s, "1 h"},
        {3660s, "1 h 1 min"},
        {24h, "1 d"},
        {76h + 59min, "3 d 4 h"},
        {24h * 365, "365 d"},
    }));
    CHECK(duration_text(duration) == expected);
}

TEST_CASE("what is shown is never more than what is meant, and less by under one part in twenty") {
    for (std::int64_t count = 1; count < 10'000'000; count += 1 + count / 50) {
        const auto text = duration_text(seconds{count});
        CAPTURE(count, text);
        seconds shown{0};
        for (std::size_t begin = 0; begin < text.size();) {
            const auto end = text.find(' ', text.find(' ', begin) + 1);
            auto part = text.substr(begin, end - begin);
            part.erase(part.find(' '), 1);
            shown += parse_duration(part).value();
            begin = end == std::string::npos ? text.size() : end + 1;
        }
        CHECK(shown <= seconds{count});
        CHECK((count - shown.count()) * 20 < count);
    }
}
