#include "snapferry/receive/stream/checkpoint.h"

#include <nlohmann/json.hpp>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::receive;
using snapferry::testing::content_of;
using snapferry::testing::TemporaryDirectory;

namespace {

SnapshotName name(const char* text) {
    return SnapshotName::parse(text).value();
}
Uuid uuid(const char* text) {
    return Uuid::parse(text).value();
}

wire::MacKey key(const char* text) {
    return wire::parse_mac_key(text).value();
}

Checkpoint incremental() {
    return {{name("2021-08-18T07:00:01+00:00-@daily"), uuid("4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"),
             4711, uuid("0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69")},
            stream::Form::v2_compressed,
            uuid("c2a9f1d4-7b36-4e08-9f5a-2d1c8b7e6f03"),
            "partial-3",
            uuid("91e7d5b8-4c2f-4a6d-b039-5f8e1a7c2d64"),
            3,
            {{4294967296, "06b05ab6733a618578af5f94892f3950",
              wire::KeyedMac{key("85d6be7857556d337f4452fe42d506a8"
                                 "0103808afb0db2fd4abff6af4149f51b"),
                             "a8061dc1305136c6c22b8baf0c0127a9"}},
             {6442450944, "99aa06d3014798d86001c324468d497f",
              wire::KeyedMac{key("1c9240a5eb55d38af333888604f6b5f0"
                                 "473917c1402b80099dca5cbc207075c0"),
                             "4541669a7eaaee61e708dc7cbcc5eb62"}}},
            1};
}

/// As in docs/checkpoint.md.
Checkpoint filled() {
    auto checkpoint = incremental();
    checkpoint.identity.parent_uuid = {};
    checkpoint.alias_uuid = {};
    checkpoint.shares.at(0).outline = "06b05ab6733a618578af5f94892f3950";
    checkpoint.shares.at(1).outline = "99aa06d3014798d86001c324468d497f";
    checkpoint.writes = 131072;
    checkpoint.claim = wire::claim_of({});
    return checkpoint;
}

Checkpoint full() {
    auto checkpoint = incremental();
    checkpoint.identity.parent_uuid = {};
    checkpoint.alias_uuid = {};
    checkpoint.shares.resize(1);
    return checkpoint;
}

constexpr auto incremental_text = R"({
 "alias": "c2a9f1d4-7b36-4e08-9f5a-2d1c8b7e6f03",
 "format": 2,
 "name": "2021-08-18T07:00:01+00:00-@daily",
 "parent": "0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69",
 "partial": "partial-3",
 "partial_uuid": "91e7d5b8-4c2f-4a6d-b039-5f8e1a7c2d64",
 "room": 2,
 "segments": 3,
 "shares": [
  {
   "digest": "06b05ab6733a618578af5f94892f3950",
   "end": 4294967296,
   "key": "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
   "mac": "a8061dc1305136c6c22b8baf0c0127a9"
  },
  {
   "digest": "99aa06d3014798d86001c324468d497f",
   "end": 6442450944,
   "key": "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
   "mac": "4541669a7eaaee61e708dc7cbcc5eb62"
  }
 ],
 "stream": "v2-compressed",
 "transid": 4711,
 "uuid": "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"
}
)";

std::string text_of(const Checkpoint& checkpoint) {
    const TemporaryDirectory directory;
    write_checkpoint(directory / "checkpoint", checkpoint);
    return content_of(directory / "checkpoint");
}

/// What is read from a file with this text, and why nothing where it is nothing.
std::optional<Checkpoint> checkpoint_in(const std::string& text, std::string& why) {
    const TemporaryDirectory directory;
    return read_checkpoint(directory.file("checkpoint", text), why);
}

std::string refusal_of(const std::string& text) {
    std::string why;
    CHECK_FALSE(checkpoint_in(text, why));
    return why;
}

bool same(const Checkpoint& a, const Checkpoint& b) {
    return a.identity == b.identity && a.form == b.form && a.alias_uuid == b.alias_uuid &&
           a.partial == b.partial && a.partial_uuid == b.partial_uuid && a.segments == b.segments &&
           a.shares == b.shares && a.room == b.room && a.writes == b.writes &&
           a.claim.has_value() == b.claim.has_value() &&
           (!a.claim || wire::is_same(*a.claim, *b.claim));
}

/// The golden text with one field changed.
std::string changed(const std::string& pointer, const nlohmann::json& value) {
    auto object = nlohmann::json::parse(incremental_text);
    object[nlohmann::json::json_pointer(pointer)] = value;
    return object.dump();
}

}  // namespace

TEST_CASE("a checkpoint is read as it was written") {
    std::string why;
    for (const auto& checkpoint : {incremental(), full(), filled()}) {
        const auto found = checkpoint_in(text_of(checkpoint), why);
        REQUIRE(found);
        CHECK(same(*found, checkpoint));
        CHECK(why.empty());
    }
}

TEST_CASE("a checkpoint has the text that it is documented to have") {
    CHECK(text_of(incremental()) == incremental_text);
    CHECK(text_of(full()).find("\"alias\": null,") != std::string::npos);
    CHECK(text_of(full()).find("\"parent\": null,") != std::string::npos);
}

TEST_CASE("a checkpoint holds what the last of its shares holds") {
    CHECK(incremental().offset() == 6442450944);
    CHECK(full().offset() == 4294967296);
    auto none = full();
    none.shares.clear();
    CHECK(none.offset() == 0);
}

TEST_CASE("a checkpoint is replaced as a whole") {
    const TemporaryDirectory directory;
    const auto file = directory / "checkpoint";
    write_checkpoint(file, incremental());
    write_checkpoint(file, full());
    std::string why;
    CHECK(same(read_checkpoint(file, why).value(), full()));
}

TEST_CASE("where there is no file there is no checkpoint, and nothing to tell") {
    const TemporaryDirectory directory;
    std::string why;
    CHECK_FALSE(read_checkpoint(directory / "none", why));
    CHECK(why.empty());
}

TEST_CASE("a file that is no file is no checkpoint, and says why") {
    const TemporaryDirectory directory;
    std::string why;
    CHECK_FALSE(read_checkpoint(directory.path(), why));
    CHECK_FALSE(why.empty());
}

TEST_CASE("a checkpoint that is cut anywhere is none, and says why") {
    const std::string whole = incremental_text;
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(refusal_of(whole.substr(0, size)).empty());
    }
}

TEST_CASE("a checkpoint without any one of its fields is none, and says why") {
    for (const auto* key : {"alias", "format", "name", "parent", "partial", "partial_uuid", "room",
                            "segments", "shares", "stream", "transid", "uuid"}) {
        auto object = nlohmann::json::parse(incremental_text);
        REQUIRE(object.erase(key) == 1);
        CAPTURE(key);
        CHECK_FALSE(refusal_of(object.dump()).empty());
    }
}

TEST_CASE("a checkpoint whose fields cannot be is none, and says why") {
    using nlohmann::json;
    const auto [pointer, value] = GENERATE(table<std::string, json>({
        {"/format", 1},
        {"/format", 3},
        {"/format", "1"},
        {"/name", "../x"},
        {"/name", ""},
        {"/uuid", "x"},
        {"/uuid", "00000000-0000-0000-0000-000000000000"},
        {"/uuid", nullptr},
        {"/parent", "00000000-0000-0000-0000-000000000000"},
        {"/parent", nullptr},
        {"/alias", nullptr},
        {"/partial", ""},
        {"/partial", "../x"},
        {"/partial", "a/b"},
        {"/partial_uuid", nullptr},
        {"/partial_uuid", "00000000-0000-0000-0000-000000000000"},
        {"/room", 0},
        {"/room", 3},
        {"/room", "1"},
        {"/segments", "3"},
        {"/stream", 1},
        {"/stream", "v3"},
        {"/stream", ""},
        {"/transid", "x"},
        {"/shares", json::array()},
        {"/shares", "x"},
        {"/shares", json::array({1})},
        {"/shares/0/end", "x"},
        {"/shares/0/end", 0},
        {"/shares/0/end", 6442450944},
        {"/shares/1/end", 1},
        {"/shares/0/digest", 7},
        {"/shares/0/key", 7},
        {"/shares/0/key", "85d6"},
        {"/shares/0/mac", nullptr},
        {"/shares/0/mac", "85d6"},
        {"/shares/0/outline", nullptr},
        {"/shares/0/outline", "85d6"},
        {"/writes", 0},
        {"/writes", "131072"},
        {"/writes", std::uint64_t{1} << 32},
        {"/claim", ""},
        {"/claim", 7},
        {"/claim", std::string(64, 'A')},
    }));
    CAPTURE(pointer, value.dump().substr(0, 100));
    const auto why = refusal_of(changed(pointer, value));
    CHECK_FALSE(why.empty());
    CHECK(why.find("optional") == std::string::npos);  // a person shall understand it
}

TEST_CASE("a share without its MAC or its key makes no checkpoint") {
    for (const auto* key : {"end", "digest", "key", "mac"}) {
        auto object = nlohmann::json::parse(incremental_text);
        REQUIRE(object["shares"][1].erase(key) == 1);
        CHECK_FALSE(refusal_of(object.dump()).empty());
    }
}

TEST_CASE("a checkpoint of the format before, whose checksums prove nothing, is named as that") {
    CHECK(refusal_of(changed("/format", 1)).find("older snapferry") != std::string::npos);
}

TEST_CASE("a checkpoint with as many shares as can be is read as it was written") {
    auto most = full();
    const auto share = most.shares.front();
    most.shares.clear();
    most.writes = 131072;
    most.claim.emplace();
    for (std::size_t number = 1; number <= wire::max_shares; ++number) {
        most.shares.push_back(share);
        most.shares.back().outline = std::string(32, 'f');
        most.shares.back().end = ~std::uint64_t{0} - wire::max_shares + number;
    }
    std::string why;
    CHECK(same(checkpoint_in(text_of(most), why).value(), most));
    most.shares.insert(most.shares.begin(), share);
    CHECK_FALSE(refusal_of(text_of(most)).empty());
}

TEST_CASE("what is no object is no checkpoint, and says why") {
    for (const auto* text : {"null", "7", "[]", "\"x\"", "{}", "x", "\xff"})
        CHECK_FALSE(refusal_of(text).empty());
    CHECK_FALSE(refusal_of(std::string(2 * 1024 * 1024, ' ')).empty());
}
