#include "snapferry/core/wire/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "snapferry/core/check/receiver_word_json.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/claim_proof.h"
#include "snapferry/core/wire/frame.h"

namespace snapferry::wire {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(ExitCode::protocol, "the other side sent a message that is not sound: " + why);
}

// ---- fields out ------------------------------------------------------------------------------

json field(const Uuid& uuid) {
    return uuid.text();
}
json field(const SnapshotName& name) {
    return name.text();
}
json field(stream::Form form) {
    return stream::text_of(form);
}
json field(const Unfinished& unfinished);
template <typename T>
json field(const std::optional<T>& value) {
    return value ? field(*value) : json{};
}

json field(const StreamShare& share) {
    json object{{"end", share.end}, {"digest", share.digest}};
    if (share.keyed) {
        object["key"] = text_of(share.keyed->key);
        object["mac"] = share.keyed->mac;
    }
    if (share.outline) {
        object["outline"] = *share.outline;
    }
    return object;
}

/// One that there may not be: then the field is missing, as an older side leaves it out.
void add(json& object, const char* key, const std::optional<Uuid>& uuid) {
    if (uuid) {
        object[key] = field(*uuid);
    }
}

void add(json& object, const std::optional<ReceiverWord>& word) {
    if (word) {
        object["health"] = json_of(*word);
    }
}

json field(const RemoteSnapshot& snapshot) {
    json object{{"name", field(snapshot.name)}, {"uuid", field(snapshot.uuid)}};
    add(object, "copy", snapshot.copy);
    if (snapshot.has_manifest) {
        object["manifest"] = *snapshot.has_manifest;
    }
    return object;
}

json field(const Kept& kept) {
    return {{"name", field(kept.name)}, {"reason", kept.reason}};
}

template <typename T>
json field(const std::vector<T>& values) {
    auto list = json::array();
    for (const auto& value : values) {
        list.push_back(field(value));
    }
    return list;
}

json field(const Unfinished& unfinished) {
    json object{{"name", field(unfinished.name)},
                {"uuid", field(unfinished.uuid)},
                {"parent", field(unfinished.parent_uuid)},
                {"stream", field(unfinished.form)},
                {"shares", field(unfinished.shares)}};
    add(object, "parent_copy", unfinished.parent_copy);
    if (unfinished.writes) {
        object["writes"] = *unfinished.writes;
    }
    if (unfinished.claim_proof) {
        object["claim_proof"] = *unfinished.claim_proof;
    }
    return object;
}

// ---- fields in -------------------------------------------------------------------------------

const json& required(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) {
        refuse(fmt::format("\"{}\" is missing", key));
    }
    return *found;
}

std::string text_in(const json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_string()) {
        refuse(fmt::format("\"{}\" is not a text", key));
    }
    return value.get<std::string>();
}

std::uint64_t number_in(const json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_number_unsigned()) {
        refuse(fmt::format("\"{}\" is not a whole number", key));
    }
    return value.get<std::uint64_t>();
}

const json& bounded_list(const json& object, const char* key, std::size_t limit) {
    const auto& list = required(object, key);
    if (!list.is_array() || list.size() > limit) {
        refuse(fmt::format("\"{}\" is not a list, or too long", key));
    }
    return list;
}

stream::Form form_in(const json& object, const char* key) {
    const auto form = stream::parse_form(text_in(object, key));
    if (!form) {
        refuse(fmt::format("\"{}\" is a form of the stream that is not known", key));
    }
    return *form;
}

/// Those that are not known are passed over: a newer receiver takes more than this side can send.
std::vector<stream::Form> forms_in(const json& object, const char* key) {
    constexpr std::size_t most = 64;
    std::vector<stream::Form> forms;
    for (const auto& item : bounded_list(object, key, most)) {
        if (!item.is_string()) {
            refuse(fmt::format("\"{}\" has an item that is not a text", key));
        }
        if (const auto form = stream::parse_form(item.get<std::string>())) {
            forms.push_back(*form);
        }
    }
    return forms;
}

bool flag_in(const json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_boolean()) {
        refuse(fmt::format("\"{}\" is not true or false", key));
    }
    return value.get<bool>();
}

/// Of a field that an older side does not send.
std::optional<bool> optional_flag_in(const json& object, const char* key) {
    return object.contains(key) ? std::optional(flag_in(object, key)) : std::nullopt;
}

std::optional<std::uint64_t> optional_number_in(const json& object, const char* key) {
    return object.contains(key) ? std::optional(number_in(object, key)) : std::nullopt;
}

std::optional<std::uint32_t> write_size_in(const json& object, const char* key) {
    const auto number = optional_number_in(object, key);
    if (number && (*number == 0 || *number > std::numeric_limits<std::uint32_t>::max())) {
        refuse(fmt::format("\"{}\" cannot be", key));
    }
    return number;
}

/// Of a field that an older side does not send: what `parse` takes.
template <typename Parse>
auto parsed_if_said(const json& object, const char* key, Parse parse) -> decltype(parse("")) {
    if (!object.contains(key)) {
        return std::nullopt;
    }
    auto parsed = parse(text_in(object, key));
    if (!parsed) {
        refuse(fmt::format("\"{}\" is none", key));
    }
    return parsed;
}

std::optional<std::string> parse_outline(std::string_view text) {
    return is_mac(text) ? std::optional<std::string>(text) : std::nullopt;  // as many digits
}

std::optional<std::string> parse_claim_proof(std::string_view text) {
    return is_claim_proof(text) ? std::optional<std::string>(text) : std::nullopt;
}

SnapshotName name_in(const json& object, const char* key) {
    const auto text = text_in(object, key);
    if (auto name = SnapshotName::parse(text)) {
        return *name;
    }
    refuse(fmt::format("\"{}\" cannot be the name of a snapshot", escape_text(text)));
}

Uuid uuid_in(const json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto uuid = Uuid::parse(text);
    if (!uuid || uuid->is_null()) {
        refuse(fmt::format("\"{}\" is not a uuid", escape_text(text)));
    }
    return *uuid;
}

std::optional<Uuid> optional_uuid_in(const json& object, const char* key) {
    if (required(object, key).is_null()) {
        return std::nullopt;
    }
    return uuid_in(object, key);
}

/// Of a field that an older side does not send.
std::optional<Uuid> uuid_if_said(const json& object, const char* key) {
    return object.contains(key) ? std::optional(uuid_in(object, key)) : std::nullopt;
}

template <typename Parse>
auto list_in(const json& object, const char* key, std::size_t limit, Parse parse) {
    const auto& list = bounded_list(object, key, limit);
    std::vector<decltype(parse(list))> values;
    values.reserve(list.size());
    for (const auto& item : list) {
        if (!item.is_object()) {
            refuse(fmt::format("\"{}\" has an item that is not an object", key));
        }
        values.push_back(parse(item));
    }
    return values;
}

std::optional<ReceiverWord> word_if_said(const json& object) {
    if (!object.contains("health")) {
        return std::nullopt;
    }
    const auto& health = object["health"];
    if (!health.is_object()) {
        refuse("\"health\" is not an object");
    }
    for (const auto* const key : {"disk", "tag"}) {
        (void)list_in(health, key, most_findings, [](const json& item) {
            if (!is_check_state(text_in(item, "state"))) {
                refuse("a finding has a state that is not known");
            }
            return text_in(item, "text").size();
        });
    }
    return word_in(health);
}

RemoteSnapshot snapshot_from(const json& object) {
    return {name_in(object, "name"), uuid_in(object, "uuid"), uuid_if_said(object, "copy"),
            optional_flag_in(object, "manifest")};
}

Kept kept_from(const json& object) {
    return {name_in(object, "name"), text_in(object, "reason")};
}

/// Of a share: both of its fields, or neither where the receiver is an older one.
std::optional<KeyedMac> keyed_mac_in(const json& object) {
    if (!object.contains("key") && !object.contains("mac")) {
        return std::nullopt;
    }
    const auto key = parse_mac_key(text_in(object, "key"));
    auto mac = text_in(object, "mac");
    if (!key || !is_mac(mac)) {
        refuse("a share's MAC or its key is none");
    }
    return KeyedMac{*key, std::move(mac)};
}

StreamShare share_from(const json& object) {
    return {number_in(object, "end"), text_in(object, "digest"), keyed_mac_in(object),
            parsed_if_said(object, "outline", parse_outline)};
}

Severity severity_in(const json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto* const found = std::find(severity_names.begin(), severity_names.end(), text);
    if (found == severity_names.end()) {
        refuse("its severity is unknown");
    }
    return static_cast<Severity>(found - severity_names.begin());
}

/// A newer side may fail in ways that this one has no name for: they count as failed receives.
ExitCode code_in(const json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto* const found =
        std::find_if(exit_code_meanings.begin(), exit_code_meanings.end(),
                     [&](const ExitCodeMeaning& entry) { return entry.name == text; });
    const bool known = found != exit_code_meanings.end() && found->code != ExitCode::done;
    return known ? found->code : ExitCode::receiving;
}

std::optional<Unfinished> unfinished_in(const json& object, const char* key) {
    const auto& value = required(object, key);
    if (value.is_null()) {
        return std::nullopt;
    }
    if (!value.is_object()) {
        refuse(fmt::format("\"{}\" is not an object", key));
    }
    return Unfinished{name_in(value, "name"),
                      uuid_in(value, "uuid"),
                      optional_uuid_in(value, "parent"),
                      form_in(value, "stream"),
                      list_in(value, "shares", max_shares, share_from),
                      uuid_if_said(value, "parent_copy"),
                      write_size_in(value, "writes"),
                      parsed_if_said(value, "claim_proof", parse_claim_proof)};
}

// ---- one type, one pair ----------------------------------------------------------------------

json to_json(const Hello& message) {
    return {{"type", "hello"}, {"program", message.program}, {"macs", message.compares_macs}};
}
Hello hello_from(const json& object) {
    return {text_in(object, "program"), optional_flag_in(object, "macs").value_or(false)};
}

json to_json(const Announce& message) {
    json object{{"type", "announce"},
                {"name", field(message.name)},
                {"uuid", field(message.uuid)},
                {"transid", message.transid},
                {"parent", field(message.parent_uuid)},
                {"stream", field(message.form)},
                {"replace", message.replace},
                {"resume_offset", message.resume_offset}};
    add(object, "parent_copy", message.parent_copy);
    if (message.expected_bytes) {
        object["expected_bytes"] = *message.expected_bytes;
    }
    if (message.least_bytes) {
        object["least_bytes"] = *message.least_bytes;
    }
    if (message.writes) {
        object["writes"] = *message.writes;
    }
    if (message.claim) {
        object["claim"] = text_of(*message.claim);
    }
    if (message.secret) {
        object["secret"] = text_of(*message.secret);
    }
    return object;
}
Announce announce_from(const json& object) {
    return {name_in(object, "name"),
            uuid_in(object, "uuid"),
            number_in(object, "transid"),
            optional_uuid_in(object, "parent"),
            form_in(object, "stream"),
            flag_in(object, "replace"),
            number_in(object, "resume_offset"),
            uuid_if_said(object, "parent_copy"),
            optional_number_in(object, "expected_bytes"),
            optional_number_in(object, "least_bytes"),
            write_size_in(object, "writes"),
            parsed_if_said(object, "claim", parse_claim),
            parsed_if_said(object, "secret", parse_secret)};
}

json to_json(const StreamEnd& message) {
    return {{"type", "stream_end"}, {"bytes", message.bytes}, {"digest", message.digest}};
}
StreamEnd stream_end_from(const json& object) {
    return {number_in(object, "bytes"), text_in(object, "digest")};
}

json to_json(const Goodbye& message) {
    json object{{"type", "goodbye"}};
    if (message.up_to_date) {
        object["up_to_date"] = true;
    }
    return object;
}
Goodbye goodbye_from(const json& object) {
    return {optional_flag_in(object, "up_to_date").value_or(false)};
}

json to_json(const ManifestOffer& message) {
    return {{"type", "manifest"},
            {"copy", field(message.copy)},
            {"uuid", field(message.uuid)},
            {"bytes", message.bytes}};
}
ManifestOffer manifest_offer_from(const json& object) {
    return {uuid_in(object, "copy"), uuid_in(object, "uuid"), number_in(object, "bytes")};
}

json to_json(const ManifestEnd& message) {
    return {{"type", "manifest_end"}, {"digest", message.digest}};
}
ManifestEnd manifest_end_from(const json& object) {
    return {text_in(object, "digest")};
}

json to_json(const KeepAlive&) {
    return {{"type", "keep_alive"}};
}
KeepAlive keep_alive_from(const json&) {
    return {};
}

json to_json(const Welcome& message) {
    json object{{"type", "welcome"},
                {"program", message.program},
                {"streams", field(message.forms)},
                {"free_bytes", message.free_bytes},
                {"snapshots", field(message.snapshots)},
                {"unfinished", field(message.unfinished)},
                {"tag", message.tag},
                {"compressed_data", message.takes_compressed_data},
                {"macs", message.makes_macs},
                {"manifests", message.takes_manifests},
                {"outlines", message.keeps_outlines}};
    if (message.has_fast_aes) {
        object["fast_aes"] = *message.has_fast_aes;
    }
    add(object, message.word);
    add(object, "disk", message.disk);
    return object;
}
Welcome welcome_from(const json& object) {
    return {text_in(object, "program"),
            forms_in(object, "streams"),
            number_in(object, "free_bytes"),
            list_in(object, "snapshots", max_listed_snapshots, snapshot_from),
            unfinished_in(object, "unfinished"),
            text_in(object, "tag"),
            optional_flag_in(object, "compressed_data").value_or(false),
            optional_flag_in(object, "fast_aes"),
            optional_flag_in(object, "macs").value_or(false),
            optional_flag_in(object, "manifests").value_or(false),
            word_if_said(object),
            uuid_if_said(object, "disk"),
            optional_flag_in(object, "outlines").value_or(false)};
}

json to_json(const Ready&) {
    return {{"type", "ready"}};
}
Ready ready_from(const json&) {
    return {};
}

json to_json(const Progress& message) {
    return {{"type", "progress"}, {"received", message.received}, {"durable", message.durable}};
}
Progress progress_from(const json& object) {
    return {number_in(object, "received"), number_in(object, "durable")};
}

json to_json(const LogLine& message) {
    return {{"type", "log"}, {"severity", severity_name(message.severity)}, {"text", message.text}};
}
LogLine log_line_from(const json& object) {
    return {severity_in(object, "severity"), text_in(object, "text")};
}

json to_json(const Durable& message) {
    json object{{"type", "durable"}};
    add(object, "copy", message.copy);
    return object;
}
Durable durable_from(const json& object) {
    return {uuid_if_said(object, "copy")};
}

json to_json(const Result& message) {
    json object{{"type", "result"},
                {"kept", field(message.kept)},
                {"pruned", field(message.pruned)},
                {"free_bytes", message.free_bytes}};
    add(object, message.word);
    return object;
}
Result result_from(const json& object) {
    return {list_in(object, "kept", max_listed_snapshots, kept_from),
            list_in(object, "pruned", max_listed_snapshots, kept_from),
            number_in(object, "free_bytes"), word_if_said(object)};
}

json to_json(const ManifestKept&) {
    return {{"type", "manifest_kept"}};
}
ManifestKept manifest_kept_from(const json&) {
    return {};
}

json to_json(const Failed& message) {
    json object{{"type", "failed"},
                {"code", exit_code_name(message.code)},
                {"message", message.message},
                {"hint", message.hint}};
    if (message.may_pass) {
        object["may_pass"] = true;
    }
    return object;
}
Failed failed_from(const json& object) {
    return {code_in(object, "code"), text_in(object, "message"), text_in(object, "hint"),
            optional_flag_in(object, "may_pass").value_or(false)};
}

struct Kind {
    std::string_view type;
    Message (*from)(const json&);
};

template <auto From>
Message parse_as(const json& object) {
    return From(object);
}

constexpr std::array kinds{
    Kind{"hello", parse_as<hello_from>},
    Kind{"announce", parse_as<announce_from>},
    Kind{"stream_end", parse_as<stream_end_from>},
    Kind{"goodbye", parse_as<goodbye_from>},
    Kind{"keep_alive", parse_as<keep_alive_from>},
    Kind{"welcome", parse_as<welcome_from>},
    Kind{"ready", parse_as<ready_from>},
    Kind{"progress", parse_as<progress_from>},
    Kind{"log", parse_as<log_line_from>},
    Kind{"durable", parse_as<durable_from>},
    Kind{"result", parse_as<result_from>},
    Kind{"failed", parse_as<failed_from>},
    Kind{"manifest", parse_as<manifest_offer_from>},
    Kind{"manifest_end", parse_as<manifest_end_from>},
    Kind{"manifest_kept", parse_as<manifest_kept_from>},
};

/// No message nests deeper than this; it bounds what a hostile one can make the parser do.
constexpr int max_depth = 8;

/// Looked at before the text is parsed: with a callback of its own the parser takes a time that
/// grows with the square of a list's length.
bool nests_too_deep(std::string_view text) {
    int depth = 0;
    bool in_text = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char character = text[at];
        if (in_text && character == '\\') {
            ++at;  // whatever is escaped, it ends no text
        } else if (character == '"') {
            in_text = !in_text;
        } else if (!in_text && (character == '[' || character == '{')) {
            if (++depth > max_depth) {
                return true;
            }
        } else if (!in_text && (character == ']' || character == '}')) {
            --depth;
        }
    }
    return false;
}

json parse_object(std::span<const std::byte> payload) {
    const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
    if (text.find('\0') != std::string_view::npos) {
        refuse("it has a NUL byte");  // the parser would take it for the end of the text
    }
    if (nests_too_deep(text)) {
        refuse("it nests too deep");
    }
    auto object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        refuse("it is not a JSON object");
    }
    return object;
}

/// Text of a log line may hold anything: what is not UTF-8 is replaced, never thrown over.
std::string text_of(const json& object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Welcome fitted(Welcome welcome) {
    auto size = text_of(to_json(welcome)).size();
    while (size > max_message && !welcome.snapshots.empty()) {
        size -= text_of(field(welcome.snapshots.back())).size() + 1;  // and a comma
        welcome.snapshots.pop_back();
    }
    return welcome;
}

std::vector<std::byte> encode(const Message& message) {
    const auto text =
        text_of(std::visit([](const auto& content) { return to_json(content); }, message));
    if (text.size() > max_message) {
        throw Failure(ExitCode::internal, "a message is too long for its frame");
    }
    const auto header =
        encode_frame_header({FrameType::message, static_cast<std::uint32_t>(text.size())});
    std::vector<std::byte> frame(frame_header_size + text.size());
    const auto payload = std::copy(header.begin(), header.end(), frame.begin());
    std::ranges::copy(std::as_bytes(std::span(text)), payload);
    return frame;
}

Message decode(std::span<const std::byte> payload) {
    const auto object = parse_object(payload);
    const auto type = text_in(object, "type");
    const auto* const kind = std::find_if(kinds.begin(), kinds.end(),
                                          [&](const Kind& entry) { return entry.type == type; });
    if (kind == kinds.end()) {
        refuse(fmt::format("its type \"{}\" is unknown", escape_text(type, 40)));
    }
    return kind->from(object);
}

}  // namespace snapferry::wire
