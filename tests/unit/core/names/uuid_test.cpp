#include "snapferry/core/names/uuid.h"

#include "catch.h"

using snapferry::Uuid;

TEST_CASE("a uuid's text is its bytes in order") {
    std::array<std::byte, Uuid::size> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 0x11);
    CHECK(Uuid{bytes}.text() == "00112233-4455-6677-8899-aabbccddeeff");
}

TEST_CASE("a uuid is read in either case and written in lower case") {
    const auto lower = Uuid::parse("0f5e4d3c-2b1a-0918-2736-455463728190");
    const auto upper = Uuid::parse("0F5E4D3C-2B1A-0918-2736-455463728190");
    REQUIRE(lower);
    CHECK(lower == upper);
    CHECK(upper->text() == "0f5e4d3c-2b1a-0918-2736-455463728190");
}

TEST_CASE("what is not a uuid is not read as one") {
    const auto* text = GENERATE(
        "", "0f5e4d3c", "0f5e4d3c2b1a09182736455463728190", "0f5e4d3c-2b1a-0918-2736-45546372819",
        "0f5e4d3c-2b1a-0918-2736-4554637281900", "0f5e4d3c-2b1a-0918-2736-45546372819g",
        "0f5e4d3c-2b1a-0918-2736+455463728190", "{f5e4d3c-2b1a-0918-2736-455463728190",
        "0f5e4d3c--b1a-0918-2736-455463728190", " f5e4d3c-2b1a-0918-2736-455463728190");
    CAPTURE(text);
    CHECK_FALSE(Uuid::parse(text));
}

TEST_CASE("only the uuid of zeros is null") {
    CHECK(Uuid{}.is_null());
    CHECK(Uuid::parse("00000000-0000-0000-0000-000000000000")->is_null());
    CHECK_FALSE(Uuid::parse("00000000-0000-0000-0000-000000000001")->is_null());
}
