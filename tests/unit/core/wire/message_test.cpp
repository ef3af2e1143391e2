#include "snapferry/core/wire/message.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "catch.h"
#include "core/wire/bytes.h"
#include "core/wire/message_sample.h"
#include "failure_of.h"
#include "snapferry/core/wire/frame.h"

using namespace snapferry;
using namespace snapferry::wire;
using nlohmann::json;
using snapferry::testing::failure_of;
using wire::testing::bytes_of;
using wire::testing::samples;

namespace {

std::string json_of(const Message& message) {
    const auto frame = encode(message);
    return wire::testing::text_of(std::span(frame).subspan(frame_header_size));
}

Message decoded(const std::string& text) {
    return decode(bytes_of(text));
}

/// Why the text is refused as a message.
std::string refusal_of(const std::string& text) {
    const auto failure = failure_of([&] { decoded(text); });
    CHECK(failure.code() == ExitCode::protocol);
    const std::string prefix = "the other side sent a message that is not sound: ";
    const std::string what = failure.what();
    CHECK(what.starts_with(prefix));
    return what.substr(std::min(prefix.size(), what.size()));
}

bool is_refused(const std::string& text) {
    try {
        decoded(text);
        return false;
    } catch (const Failure& failure) {
        return failure.code() == ExitCode::protocol;
    }
}

/// The sample of this kind with one field changed.
std::string changed(const std::string& kind, const std::string& pointer, const json& value) {
    for (const auto& sample : samples())
        if (sample.kind == kind) {
            auto object = json::parse(sample.json);
            object[json::json_pointer(pointer)] = value;
            return object.dump();
        }
    throw std::logic_error("no such sample");
}

const std::set<std::string> may_be_missing{
    "may_pass",    "compressed_data", "fast_aes",  "macs",     "copy",   "expected_bytes",
    "least_bytes", "parent_copy",     "manifests", "manifest", "disk",   "health",
    "outlines",    "outline",         "writes",    "claim",    "secret", "claim_proof"};

std::vector<std::string> keys_of(const json& object) {
    std::vector<std::string> keys;
    for (auto item = object.begin(); item != object.end(); ++item)
        keys.push_back(item.key());
    return keys;
}

/// Calls `visit` for every field of every object within, with the object and the field's key.
template <typename Visit>
void for_each_field(json& value, const Visit& visit) {
    if (value.is_structured())
        for (auto& item : value)
            for_each_field(item, visit);
    if (value.is_object())
        for (const auto& key : keys_of(value))
            visit(value, key);
}

}  // namespace

TEST_CASE("every kind of message has the bytes that it is documented to have") {
    for (const auto& sample : samples()) {
        CHECK(json_of(sample.message) == sample.json);
        const auto frame = encode(sample.message);
        const auto header = decode_frame_header(std::span(frame).first<frame_header_size>());
        CHECK(header.type == FrameType::message);
        CHECK(header.length == sample.json.size());
    }
}

TEST_CASE("every kind of message is read as it was written") {
    std::set<std::size_t> kinds;
    for (const auto& sample : samples()) {
        const auto message = decoded(sample.json);
        CAPTURE(sample.json);
        CHECK(message.index() == sample.message.index());
        CHECK(json_of(message) == sample.json);
        kinds.insert(message.index());
    }
    CHECK(kinds.size() == std::variant_size_v<Message>);
}

TEST_CASE("fields that are not known are passed over: a newer side may say more") {
    for (const auto& sample : samples()) {
        auto object = json::parse(sample.json);
        object["of_the_future"] = {{"deep", {1, 2, 3}}};
        CHECK(json_of(decoded(object.dump(2))) == sample.json);
    }
}

TEST_CASE(
    "an older side says nothing of copies, and that is not the same as a wrong word of them") {
    const auto welcome = std::get<Welcome>(decoded(
        R"({"type":"welcome","program":"x","tag":"y","streams":[],"free_bytes":0,"unfinished":null,)"
        R"("snapshots":[{"name":"a","uuid":"4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}]})"));
    CHECK_FALSE(welcome.snapshots.at(0).copy);
    CHECK_FALSE(std::get<Durable>(decoded(R"({"type":"durable"})")).copy);
    for (const json& wrong : {json(), json(""), json(1), json("x"), json(std::string(36, '0')),
                              json("00000000-0000-0000-0000-000000000000")})
        for (const auto& text :
             {changed("durable", "/copy", wrong), changed("announce", "/parent_copy", wrong),
              changed("welcome", "/snapshots/0/copy", wrong),
              changed("welcome", "/unfinished/parent_copy", wrong)}) {
            CAPTURE(text);
            CHECK(is_refused(text));
        }
}

TEST_CASE("a message without any one of its fields is refused, and the field is named") {
    for (const auto& sample : samples()) {
        auto whole = json::parse(sample.json);
        for_each_field(whole, [&](json& parent, const std::string& key) {
            const auto kept = parent[key];
            parent.erase(key);
            // No older side knows of these: who says them says all of them.
            const bool is_needed = sample.kind == "manifest" ||
                                   (whole.contains("health") && &parent == &whole["health"]);
            if (may_be_missing.contains(key) && !is_needed)
                CHECK_FALSE(is_refused(whole.dump()));  // an older side does not say
            else
                CHECK(refusal_of(whole.dump()) == "\"" + key + "\" is missing");
            parent[key] = kept;
        });
    }
}

TEST_CASE("a message with a field of any wrong type is refused") {
    const std::vector<json> values{nullptr,
                                   true,
                                   1,
                                   -1,
                                   1.5,
                                   "no such thing\n",
                                   1e300,
                                   json::array(),
                                   json::object(),
                                   json::array({json::array()})};
    for (const auto& sample : samples()) {
        auto whole = json::parse(sample.json);
        for_each_field(whole, [&](json& parent, const std::string& key) {
            const auto kept = parent[key];
            for (const auto& value : values) {
                const bool same_type =
                    value.type() == kept.type() ||
                    (value.is_number_integer() && value >= 0 && kept.is_number_unsigned());
                const bool may_be_null =
                    key == "parent" || key == "parent_copy" || key == "unfinished";
                if (same_type || kept.is_null() || (may_be_null && value.is_null()))
                    continue;
                parent[key] = value;
                CAPTURE(whole.dump());
                CHECK(is_refused(whole.dump()));
            }
            parent[key] = kept;
        });
    }
}

TEST_CASE("numbers are whole, not negative, and within 64 bits") {
    for (const auto* value : {"-1", "1.0", "1e3", "18446744073709551616", "\"1\"", "[1]", "0x10"}) {
        const auto text =
            R"({"type":"progress","durable":0,"received":)" + std::string(value) + "}";
        CAPTURE(text);
        CHECK(is_refused(text));
    }
    const auto largest =
        decoded(R"({"type":"progress","durable":18446744073709551615,"received":0})");
    CHECK(std::get<Progress>(largest).durable == 18446744073709551615U);
}

TEST_CASE("a stream is of a form that is known") {
    for (const auto* form : {"", "v0", "v3", "V1", "v1 ", "auto"})
        for (const auto& text :
             {changed("announce", "/stream", form), changed("welcome", "/unfinished/stream", form)})
            CHECK(refusal_of(text) == "\"stream\" is a form of the stream that is not known");
    CHECK(is_refused(changed("announce", "/stream", 1)));
}

TEST_CASE("a newer receiver may take forms of the stream that are not known here") {
    const auto text = changed("welcome", "/streams", {"v9", "v1", "v2-compressed", ""});
    CHECK(std::get<Welcome>(decoded(text)).forms ==
          std::vector{stream::Form::v1, stream::Form::v2_compressed});
    CHECK(is_refused(changed("welcome", "/streams", {1})));
    CHECK(is_refused(changed("welcome", "/streams", "v1")));
    CHECK(is_refused(changed("welcome", "/streams", std::vector<std::string>(65, "v1"))));
}

TEST_CASE("a name that cannot be a snapshot's is refused wherever it stands") {
    const std::vector<std::string> names{"",
                                         ".",
                                         "..",
                                         "a/b",
                                         "/",
                                         "../etc",
                                         ".hidden",
                                         "a\nb",
                                         "a\tb",
                                         "a\x7f",
                                         "\xc2\x85x",
                                         std::string("a\0b", 3),
                                         std::string(201, 'x')};
    for (const auto& name : names)
        for (const auto& text :
             {changed("announce", "/name", name), changed("welcome", "/snapshots/0/name", name),
              changed("welcome", "/unfinished/name", name), changed("result", "/kept/0/name", name),
              changed("result", "/pruned/0/name", name)}) {
            CAPTURE(text);
            CHECK(refusal_of(text).find("cannot be the name of a snapshot") != std::string::npos);
        }
}

TEST_CASE("a share has a MAC and its key, or neither") {
    auto whole = json::parse(changed("welcome", "/macs", true));
    auto& share = whole["unfinished"]["shares"][0];
    CHECK(std::get<Welcome>(decoded(whole.dump())).unfinished->shares[0].keyed);
    const auto key = share["key"].get<std::string>();
    for (const auto& none : {std::string(), key.substr(1), key + "0", std::string(64, 'G')}) {
        share["key"] = none;
        CHECK(refusal_of(whole.dump()) == "a share's MAC or its key is none");
    }
    share["key"] = key;
    for (const auto& none : {std::string(), std::string(31, '0'), std::string(32, 'A')}) {
        share["mac"] = none;
        CHECK(refusal_of(whole.dump()) == "a share's MAC or its key is none");
    }
    share.erase("key");
    share.erase("mac");
    CHECK_FALSE(std::get<Welcome>(decoded(whole.dump())).unfinished->shares[0].keyed);
}

TEST_CASE("a claim, a secret, a proof or an outline that cannot be is refused") {
    const std::string right(64, 'a');
    for (const auto& none : {std::string(), std::string(63, 'a'), std::string(64, 'A')})
        for (const auto& [kind, pointer] :
             {std::pair("announce", "/claim"), std::pair("announce", "/secret"),
              std::pair("welcome", "/unfinished/claim_proof"),
              std::pair("welcome", "/unfinished/shares/0/outline")})
            CHECK(refusal_of(changed(kind, pointer, none)).ends_with("\" is none"));
    CHECK(std::get<Announce>(decoded(changed("announce", "/claim", right))).claim);
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1} << 32})
        for (const auto& text : {changed("announce", "/writes", number),
                                 changed("welcome", "/unfinished/writes", number)})
            CHECK(refusal_of(text) == "\"writes\" cannot be");
}

TEST_CASE("a uuid that is null, or none at all, is refused wherever it stands") {
    for (const auto* uuid :
         {"00000000-0000-0000-0000-000000000000", "", "x", "4b0f3c1e9d2a4e578c316a2f90d1b7e5",
          "{4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5}"})
        for (const auto& text :
             {changed("announce", "/uuid", uuid), changed("announce", "/parent", uuid),
              changed("welcome", "/snapshots/0/uuid", uuid),
              changed("welcome", "/unfinished/uuid", uuid),
              changed("welcome", "/unfinished/parent", uuid)}) {
            CAPTURE(text);
            CHECK(refusal_of(text).ends_with("is not a uuid"));
        }
}

TEST_CASE("what a refusal quotes has no control characters and is not long") {
    const auto refusal =
        refusal_of(changed("announce", "/name", "a\x1b[2J\n" + std::string(9999, 'x')));
    CHECK(refusal.find('\x1b') == std::string::npos);
    CHECK(refusal.find('\n') == std::string::npos);
    CHECK(refusal.size() < 1200);
    CHECK(refusal_of(R"({"type":"\u001b[2J)" + std::string(9999, 'x') + "\"}").size() < 100);
}

TEST_CASE("lists that are too long are refused") {
    const json snapshot{{"name", "a"}, {"uuid", "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}};
    const json share{{"end", 1}, {"digest", "x"}};
    const json kept{{"name", "a"}, {"reason", "x"}};
    const auto [kind, pointer, item, most] =
        GENERATE_COPY(table<std::string, std::string, json, std::size_t>({
            {"welcome", "/snapshots", snapshot, max_listed_snapshots},
            {"welcome", "/unfinished/shares", share, max_shares},
            {"result", "/kept", kept, max_listed_snapshots},
            {"result", "/pruned", kept, max_listed_snapshots},
        }));
    CAPTURE(pointer);
    CHECK_FALSE(is_refused(changed(kind, pointer, json(most, item))));
    CHECK(refusal_of(changed(kind, pointer, json(most + 1, item))).ends_with("or too long"));
    CHECK(refusal_of(changed(kind, pointer, {1})).ends_with("an item that is not an object"));
}

TEST_CASE("a message that nests deep is refused, however deep") {
    for (const std::size_t depth : {std::size_t{20}, std::size_t{1000}, max_message / 6}) {
        std::string objects = R"({"type":"goodbye","x":)";
        for (std::size_t i = 0; i < depth; ++i)
            objects += "{\"x\":";
        CHECK(is_refused(objects));
        CHECK(refusal_of(std::string(depth, '[')) == "it nests too deep");
        CHECK(refusal_of(std::string(depth, '[') + std::string(depth, ']')) == "it nests too deep");
    }
}

TEST_CASE("a type that is not known is refused") {
    CHECK(refusal_of(R"({"type":"delete_all"})") == "its type \"delete_all\" is unknown");
    CHECK(refusal_of(R"({"type":""})") == "its type \"\" is unknown");
    CHECK(refusal_of(R"({"type":"Hello","program":"x"})") == "its type \"Hello\" is unknown");
    CHECK(refusal_of(R"({"type":7})") == "\"type\" is not a text");
    CHECK(refusal_of("{}") == "\"type\" is missing");
}

TEST_CASE("what is not one JSON object is refused") {
    const std::string text = GENERATE(
        std::string{}, std::string{" "}, std::string{"null"}, std::string{"7"},
        std::string{"\"goodbye\""}, std::string{"[]"}, std::string{R"([{"type":"goodbye"}])"},
        std::string{R"({"type":"goodbye")"}, std::string{R"({"type":"goodbye"}})"},
        std::string{R"({"type":"goodbye"}{"type":"goodbye"})"},
        std::string{R"({'type':'goodbye'})"}, std::string{R"({"type":"goodbye",})"},
        std::string{R"({"type":"goodbye"} x)"}, std::string{R"(/* x */{"type":"goodbye"})"},
        std::string("{\"type\":\"goodbye\"}\0", 19), std::string{"btrfs-stream"});
    CAPTURE(text);
    CHECK(is_refused(text));
}

TEST_CASE("text that is not UTF-8 is refused") {
    for (const auto* bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
        CHECK(is_refused(R"({"type":"hello","program":")" + std::string(bad) + "\"}"));
        CHECK(is_refused("{\"type\":\"goodbye\",\"" + std::string(bad) + "\":1}"));
    }
    CHECK(is_refused(R"({"type":"hello","program":"\ud800"})"));
    CHECK(is_refused("{\"type\":\"hello\",\"program\":\"a\nb\"}"));
}

TEST_CASE("text of a log that is not UTF-8 travels all the same") {
    const auto line = std::get<LogLine>(decoded(json_of(LogLine{Severity::error, "a\xff\x1b\nb"})));
    CHECK(line.text == "a\xef\xbf\xbd\x1b\nb");
    CHECK(line.severity == Severity::error);
}

TEST_CASE("every severity has its name on the wire, and no other is taken") {
    const auto [severity, name] = GENERATE(table<Severity, std::string>({
        {Severity::debug, "debug"},
        {Severity::info, "info"},
        {Severity::warning, "warning"},
        {Severity::error, "error"},
    }));
    CHECK(json::parse(json_of(LogLine{severity, ""}))["severity"] == name);
    CHECK(std::get<LogLine>(decoded(changed("log", "/severity", name))).severity == severity);
    CHECK(is_refused(changed("log", "/severity", "fatal")));
}

TEST_CASE("every exit code of a failure comes through") {
    for (const auto& entry : exit_code_meanings) {
        if (entry.code == ExitCode::done)
            continue;
        const auto failed = std::get<Failed>(decoded(json_of(Failed{entry.code, "m", "h"})));
        CHECK(failed.code == entry.code);
        CHECK(json::parse(json_of(Failed{entry.code, "m", "h"}))["code"] ==
              std::string(entry.name));
    }
}

TEST_CASE("a failure that is not known, or would be none, counts as a failed receive") {
    for (const auto* code : {"of_the_future", "", "done", "14"})
        CHECK(std::get<Failed>(decoded(changed("failed", "/code", code))).code ==
              ExitCode::receiving);
}

TEST_CASE("the longest welcome and the longest result fit a frame") {
    // A quote takes two bytes in JSON: no name of 200 bytes takes more.
    const auto name = SnapshotName::parse(std::string(SnapshotName::max_size, '"')).value();
    const auto uuid = Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff").value();
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const std::string reason = "it arrived in the future by this clock";  // the longest
    const Welcome welcome{"snapferry 0.1.0",
                          stream::forms_up_to(stream::Form::v2_compressed),
                          most,
                          {max_told_snapshots, RemoteSnapshot{name, uuid, uuid}},
                          Unfinished{name,
                                     uuid,
                                     uuid,
                                     stream::Form::v2_compressed,
                                     {max_shares, StreamShare{most, std::string(32, 'f'),
                                                              KeyedMac{{}, std::string(32, 'f')},
                                                              std::string(32, 'f')}},
                                     uuid,
                                     std::numeric_limits<std::uint32_t>::max(),
                                     std::string(64, 'f')},
                          std::string(64, 'x')};
    const auto fits = fitted(welcome);
    CHECK_FALSE(is_refused(json_of(fits)));
    CHECK(fits.snapshots.size() > max_listed_snapshots / 2);
    CHECK(fits.unfinished->shares.size() == max_shares);
    const Result result{{max_listed_snapshots / 2, Kept{name, reason}},
                        {max_listed_snapshots / 2, Kept{name, reason}},
                        most};
    CHECK_FALSE(is_refused(json_of(result)));
}

TEST_CASE("a message over the limit of its frame is an error of this side") {
    CHECK(failure_of([] { encode(Hello{std::string(max_message, 'x')}); }).code() ==
          ExitCode::internal);
}

TEST_CASE(
    "random bytes, and random damage to messages, are refused or understood, and never crash") {
    std::mt19937 random(1);
    const auto all = samples();
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        if (round % 4 == 0) {
            text.resize(random() % 100);
            for (auto& character : text)
                character = static_cast<char>(random() & 0xff);
        } else {
            text = all[random() % all.size()].json;
            for (auto count = random() % 4 + 1; count > 0; --count)
                text[random() % text.size()] = static_cast<char>(random() & 0xff);
        }
        try {
            (void)json_of(decoded(text));
        } catch (const Failure& failure) {
            REQUIRE(failure.code() == ExitCode::protocol);
            ++refused;
        }
    }
    CHECK(refused > 10'000);
}
