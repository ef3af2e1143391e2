#include "snapferry/core/wire/stream_mac.h"

#include <random>

#include "catch.h"
#include "core/wire/bytes.h"

using namespace snapferry::wire;
using snapferry::wire::testing::Bytes;
using snapferry::wire::testing::bytes_of;

namespace {

testing::Bytes from_hexadecimal(std::string_view text) {
    testing::Bytes bytes;
    for (; !text.empty(); text.remove_prefix(2))
        bytes.push_back(
            static_cast<std::byte>(std::stoi(std::string(text.substr(0, 2)), nullptr, 16)));
    return bytes;
}

std::string mac_of(const MacKey& key, std::span<const std::byte> bytes) {
    StreamMac mac(key);
    mac.update(bytes);
    return mac.text();
}

std::string mac_of(std::string_view key, std::string_view message) {
    return mac_of(parse_mac_key(key).value(), from_hexadecimal(message));
}

}  // namespace

TEST_CASE("the MAC is Poly1305 as RFC 8439 has it") {
    // 2.5.2
    CHECK(mac_of(parse_mac_key("85d6be7857556d337f4452fe42d506a8"
                               "0103808afb0db2fd4abff6af4149f51b")
                     .value(),
                 bytes_of("Cryptographic Forum Research Group")) ==
          "a8061dc1305136c6c22b8baf0c0127a9");
    // A.3, test vectors 1 and 7 to 11: where a careless carry goes wrong
    const std::string zeros(64, '0');
    const auto r = [](const char* text) { return text + std::string(32, '0'); };
    CHECK(mac_of(zeros, zeros + zeros) == "00000000000000000000000000000000");
    CHECK(mac_of(r("02000000000000000000000000000000"), "ffffffffffffffffffffffffffffffff") ==
          "03000000000000000000000000000000");
    CHECK(mac_of("02000000000000000000000000000000ffffffffffffffffffffffffffffffff",
                 "02000000000000000000000000000000") == "03000000000000000000000000000000");
    CHECK(mac_of(r("01000000000000000000000000000000"),
                 "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff"
                 "11000000000000000000000000000000") == "05000000000000000000000000000000");
    CHECK(mac_of(r("01000000000000000000000000000000"),
                 "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe"
                 "01010101010101010101010101010101") == "00000000000000000000000000000000");
    CHECK(mac_of(r("02000000000000000000000000000000"), "fdffffffffffffffffffffffffffffff") ==
          "faffffffffffffffffffffffffffffff");
    CHECK(mac_of(r("01000000000000000400000000000000"),
                 "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000"
                 "000000000000000001000000000000000000000000000000") ==
          "14000000000000005500000000000000");
}

TEST_CASE("the MAC does not depend on the pieces that the bytes come in, nor on being asked") {
    std::mt19937 random(1);
    testing::Bytes bytes(100'000);
    for (auto& byte : bytes)
        byte = static_cast<std::byte>(random() & 0xff);
    MacKey key{};
    std::copy_n(bytes.begin(), key.size(), key.begin());
    const auto whole = mac_of(key, bytes);
    for (const std::size_t piece : {1U, 15U, 16U, 17U, 4096U, 99'999U}) {
        StreamMac mac(key);
        for (auto rest = std::span<const std::byte>(bytes); !rest.empty();) {
            const auto size = std::min(piece, rest.size());
            mac.update(rest.first(size));
            if (piece > 1000)
                CHECK(mac.text() ==
                      mac_of(key, std::span(bytes).first(bytes.size() - rest.size() + size)));
            rest = rest.subspan(size);
        }
        CHECK(mac.text() == whole);
    }
}

TEST_CASE("another key, or one flipped bit, gives another MAC") {
    MacKey key{};
    key.fill(std::byte{7});
    auto bytes = bytes_of(std::string(1000, 'x'));
    const auto before = mac_of(key, bytes);
    bytes[500] ^= std::byte{1};
    CHECK(mac_of(key, bytes) != before);
    bytes[500] ^= std::byte{1};
    key[5] ^= std::byte{1};
    CHECK(mac_of(key, bytes) != before);
}

TEST_CASE("a key is read as it is written, and nothing else is a key") {
    const std::string text = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
    CHECK(text_of(parse_mac_key(text).value()) == text);
    for (const auto& none : {std::string(), text.substr(1), text + "00", std::string(64, 'G'),
                             std::string(64, ' '), "0x" + text.substr(2), "A" + text.substr(1)})
        CHECK_FALSE(parse_mac_key(none));
    CHECK(is_mac("a8061dc1305136c6c22b8baf0c0127a9"));
    for (const auto* none :
         {"", "a8061dc1305136c6c22b8baf0c0127a", "A8061dc1305136c6c22b8baf0c0127a9"})
        CHECK_FALSE(is_mac(none));
}
