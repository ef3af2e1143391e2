#include "snapferry/core/text/byte_text.h"

#include <limits>

#include "catch.h"

using snapferry::byte_text;
using snapferry::parse_bytes;

TEST_CASE("a number of bytes is shown in the largest unit that fits") {
    const auto [bytes, expected] = GENERATE(table<std::uint64_t, std::string>({
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},
        {1024 * 1024 - 1, "1.0 MiB"},
        {1024 * 1024, "1.0 MiB"},
        {std::uint64_t{3435973837}, "3.2 GiB"},
        {std::uint64_t{1} << 40, "1.0 TiB"},
        {std::numeric_limits<std::uint64_t>::max(), "16777216.0 TiB"},
    }));
    CHECK(byte_text(bytes) == expected);
}

TEST_CASE("no number of bytes below a tebibyte is shown with more than four digits") {
    for (std::uint64_t bytes = 1; bytes < std::uint64_t{1} << 40; bytes += 1 + bytes / 300)
        if (const auto text = byte_text(bytes); text.find('.') > 4 && text.find(' ') > 4)
            FAIL(bytes << " is shown as " << text);
    for (int power = 10; power <= 40; power += 10) {
        const auto text = byte_text((std::uint64_t{1} << power) - 1);
        CAPTURE(text);
        CHECK(text.find("1024") == std::string::npos);
    }
}

TEST_CASE("a size in a configuration is a whole number and a unit") {
    const auto [text, expected] = GENERATE(table<std::string, std::uint64_t>({
        {"0B", 0},
        {"1B", 1},
        {"512KiB", 512 * 1024},
        {"1MiB", 1024 * 1024},
        {"4GiB", std::uint64_t{4} << 30},
        {"16777215TiB", std::uint64_t{16777215} << 40},
        {"18446744073709551615B", std::numeric_limits<std::uint64_t>::max()},
    }));
    CAPTURE(text);
    CHECK(parse_bytes(text) == expected);
}

TEST_CASE("what is not a size, or does not fit, is not read as one") {
    const std::string text =
        GENERATE(std::string{}, std::string{"4"}, std::string{"GiB"}, std::string{"4 GiB"},
                 std::string{"4GB"}, std::string{"4gib"}, std::string{"4G"}, std::string{"-4GiB"},
                 std::string{"-0B"}, std::string{"+4GiB"}, std::string{"4.5GiB"},
                 std::string{" 4GiB"}, std::string{"4GiB\n"}, std::string("4GiB\0", 5),
                 std::string{"16777216TiB"}, std::string{"18446744073709551616B"});
    CAPTURE(text);
    CHECK_FALSE(parse_bytes(text));
}
