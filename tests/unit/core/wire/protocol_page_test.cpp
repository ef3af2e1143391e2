// Holds docs/protocol.md to the programs.

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "catch.h"
#include "core/wire/bytes.h"
#include "core/wire/message_sample.h"
#include "page.h"
#include "snapferry/core/stream/format.h"
#include "snapferry/core/wire/claim_proof.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/core/wire/stream_digest.h"

using namespace snapferry;
using namespace snapferry::wire;
using nlohmann::json;
using snapferry::testing::bytes_in;
using snapferry::testing::Page;
using wire::testing::Bytes;
using wire::testing::bytes_of;

namespace {

std::string kind_of(const Message& message) {
    const auto frame = encode(message);
    return json::parse(wire::testing::text_of(std::span(frame).subspan(frame_header_size)))["type"];
}

std::set<std::string> all_kinds() {
    std::set<std::string> kinds;
    for (const auto& sample : wire::testing::samples())
        kinds.insert(kind_of(sample.message));
    return kinds;
}

}  // namespace

TEST_CASE("the protocol's page shows every message as it is") {
    const Page page("protocol.md");
    for (const auto& kind : all_kinds()) {
        const auto blocks = page.blocks("#### `" + kind + "`", "json");
        CAPTURE(kind);
        REQUIRE(blocks.size() == 1);
        const auto message = decode(bytes_of(blocks.front()));
        CHECK(kind_of(message) == kind);
        const auto frame = encode(message);
        const auto written = wire::testing::text_of(std::span(frame).subspan(frame_header_size));
        CHECK(json::parse(written) == json::parse(blocks.front()));
    }
    CHECK(page.blocks("", "json").size() == all_kinds().size());
}

TEST_CASE("the protocol's page shows the bytes that open a conversation") {
    const auto blocks = Page("protocol.md").blocks("## Opening", "hex");
    REQUIRE(blocks.size() == 1);
    auto expected = bytes_of(greeting);
    const auto hello = encode(Hello{"snapferry 0.1.0"});
    expected.insert(expected.end(), hello.begin(), hello.end());
    CHECK((bytes_in(blocks.front()) == expected));
    CHECK(Page("protocol.md").says(fmt::format("these {} bytes", expected.size())));
    CHECK(Page("protocol.md").says(fmt::format("first {} bytes", greeting.size())));
}

TEST_CASE("the protocol's page shows the bytes of a whole frame") {
    const auto blocks = Page("protocol.md").blocks("#### `keep_alive`", "hex");
    REQUIRE(blocks.size() == 1);
    CHECK((bytes_in(blocks.front()) == encode(KeepAlive{})));
}

TEST_CASE("the protocol's page shows the proof of a claim as it is") {
    const auto blocks = Page("protocol.md").blocks("#### `welcome`", "json");
    REQUIRE(blocks.size() == 1);
    const auto welcome = std::get<Welcome>(decode(bytes_of(blocks.front())));
    CHECK(is_proven(claim_of({}), welcome.unfinished.value(), 4711));
    CHECK(Page("protocol.md").says("a secret of 32 zeros,\nwhere `transid` is 4711"));
}

TEST_CASE("the protocol's page shows a MAC as it is") {
    const Page page("protocol.md");
    const std::string key = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
    const std::string message = "Cryptographic Forum Research Group";
    StreamMac mac(parse_mac_key(key).value());
    mac.update(bytes_of(message));
    CHECK(page.says(fmt::format("`{}`, the MAC of the {} bytes\n`{}` is `{}`", key, message.size(),
                                message, mac.text())));
}

TEST_CASE("the protocol's page has the limits that are held to") {
    const Page page("protocol.md");
    CHECK(page.says(fmt::format("| payload of a message, bytes | {} |", max_message)));
    CHECK(page.says(fmt::format("| payload of a data frame, bytes | {} |", max_data)));
    CHECK(page.says(fmt::format("| snapshots in a `welcome` | {} |", max_listed_snapshots)));
    CHECK(page.says(fmt::format("lists the {} newest", max_told_snapshots)));
    CHECK(page.says(
        fmt::format("| entries in each list of a `result` | {} |", max_listed_snapshots)));
    CHECK(page.says(fmt::format("| shares of an unfinished stream | {} |", max_shares)));
    CHECK(page.says(fmt::format("a text of 1 to {} bytes", SnapshotName::max_size)));
}

TEST_CASE("the protocol's page has every exit code that can be in a failure") {
    const Page page("protocol.md");
    for (const auto& entry : exit_code_meanings) {
        const auto row = fmt::format("| `{}` | {} | {} |", entry.name, static_cast<int>(entry.code),
                                     entry.meaning);
        CAPTURE(row);
        CHECK(page.says(row) == (entry.code != ExitCode::done));
    }
}

TEST_CASE("the protocol's page has digests to try an implementation with") {
    const Page page("protocol.md");
    StreamDigest digest;
    CHECK(page.says("`" + digest.text() + "`"));
    digest.update(bytes_of("abc"));
    CHECK(page.says("`" + digest.text() + "`"));
}
