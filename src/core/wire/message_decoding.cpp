#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "message_fields.h"
#include "snapferry/core/check/receiver_word_json.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/claim_proof.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::wire {
namespace {

// ---- fields ----------------------------------------------------------------------------------

stream::Form form_in(const Json& object, const char* key) {
    const auto form = stream::parse_form(text_in(object, key));
    if (!form) {
        refuse(fmt::format("\"{}\" is a form of the stream that is not known", key));
    }
    return *form;
}

/// Those that are not known are passed over: a newer receiver takes more than this side can send.
std::vector<stream::Form> forms_in(const Json& object, const char* key) {
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

std::optional<std::uint32_t> write_size_in(const Json& object, const char* key) {
    const auto number = number_if_said(object, key);
    if (number && (*number == 0 || *number > std::numeric_limits<std::uint32_t>::max())) {
        refuse(fmt::format("\"{}\" cannot be", key));
    }
    return number;
}

std::optional<std::string> parse_outline(std::string_view text) {
    return is_mac(text) ? std::optional<std::string>(text) : std::nullopt;  // as many digits
}

std::optional<std::string> parse_claim_proof(std::string_view text) {
    return is_claim_proof(text) ? std::optional<std::string>(text) : std::nullopt;
}

SnapshotName name_in(const Json& object, const char* key) {
    const auto text = text_in(object, key);
    if (auto name = SnapshotName::parse(text)) {
        return *name;
    }
    refuse(fmt::format("\"{}\" cannot be the name of a snapshot", escape_text(text)));
}

Uuid uuid_in(const Json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto uuid = Uuid::parse(text);
    if (!uuid || uuid->is_null()) {
        refuse(fmt::format("\"{}\" is not a uuid", escape_text(text)));
    }
    return *uuid;
}

std::optional<Uuid> optional_uuid_in(const Json& object, const char* key) {
    if (required(object, key).is_null()) {
        return std::nullopt;
    }
    return uuid_in(object, key);
}

/// Of a field that an older side does not send.
std::optional<Uuid> uuid_if_said(const Json& object, const char* key) {
    return object.contains(key) ? std::optional(uuid_in(object, key)) : std::nullopt;
}

std::optional<ReceiverWord> word_if_said(const Json& object) {
    if (!object.contains("health")) {
        return std::nullopt;
    }
    const auto& health = object["health"];
    if (!health.is_object()) {
        refuse("\"health\" is not an object");
    }
    for (const auto* const key : {"disk", "tag"}) {
        (void)list_in(health, key, most_findings, [](const Json& item) {
            if (!is_check_state(text_in(item, "state"))) {
                refuse("a finding has a state that is not known");
            }
            return text_in(item, "text").size();
        });
    }
    return word_in(health);
}

RemoteSnapshot snapshot_from(const Json& object) {
    return {name_in(object, "name"), uuid_in(object, "uuid"), uuid_if_said(object, "copy"),
            flag_if_said(object, "manifest")};
}

Kept kept_from(const Json& object) {
    return {name_in(object, "name"), text_in(object, "reason")};
}

/// Of a share: both of its fields, or neither where the receiver is an older one.
std::optional<KeyedMac> keyed_mac_in(const Json& object) {
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

StreamShare share_from(const Json& object) {
    return {number_in(object, "end"), text_in(object, "digest"), keyed_mac_in(object),
            parsed_if_said(object, "outline", parse_outline)};
}

Severity severity_in(const Json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto* const found = std::find(severity_names.begin(), severity_names.end(), text);
    if (found == severity_names.end()) {
        refuse("its severity is unknown");
    }
    return static_cast<Severity>(found - severity_names.begin());
}

/// A newer side may fail in ways that this one has no name for: they count as failed receives.
ExitCode code_in(const Json& object, const char* key) {
    const auto text = text_in(object, key);
    const auto* const found =
        std::find_if(exit_code_meanings.begin(), exit_code_meanings.end(),
                     [&](const ExitCodeMeaning& entry) { return entry.name == text; });
    const bool known = found != exit_code_meanings.end() && found->code != ExitCode::done;
    return known ? found->code : ExitCode::receiving;
}

std::optional<Unfinished> unfinished_in(const Json& object, const char* key) {
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

// ---- messages --------------------------------------------------------------------------------

Hello hello_from(const Json& object) {
    return {text_in(object, "program"), flag_if_said(object, "macs").value_or(false)};
}

Announce announce_from(const Json& object) {
    return {name_in(object, "name"),
            uuid_in(object, "uuid"),
            number_in(object, "transid"),
            optional_uuid_in(object, "parent"),
            form_in(object, "stream"),
            flag_in(object, "replace"),
            number_in(object, "resume_offset"),
            uuid_if_said(object, "parent_copy"),
            number_if_said(object, "expected_bytes"),
            number_if_said(object, "least_bytes"),
            write_size_in(object, "writes"),
            parsed_if_said(object, "claim", parse_claim),
            parsed_if_said(object, "secret", parse_secret)};
}

StreamEnd stream_end_from(const Json& object) {
    return {number_in(object, "bytes"), text_in(object, "digest")};
}

Goodbye goodbye_from(const Json& object) {
    return {flag_if_said(object, "up_to_date").value_or(false)};
}

ManifestOffer manifest_offer_from(const Json& object) {
    return {uuid_in(object, "copy"), uuid_in(object, "uuid"), number_in(object, "bytes")};
}

ManifestEnd manifest_end_from(const Json& object) {
    return {text_in(object, "digest")};
}

KeepAlive keep_alive_from(const Json&) {
    return {};
}

Welcome welcome_from(const Json& object) {
    return {text_in(object, "program"),
            forms_in(object, "streams"),
            number_in(object, "free_bytes"),
            list_in(object, "snapshots", max_listed_snapshots, snapshot_from),
            unfinished_in(object, "unfinished"),
            text_in(object, "tag"),
            flag_if_said(object, "compressed_data").value_or(false),
            flag_if_said(object, "fast_aes"),
            flag_if_said(object, "macs").value_or(false),
            flag_if_said(object, "manifests").value_or(false),
            word_if_said(object),
            uuid_if_said(object, "disk"),
            flag_if_said(object, "outlines").value_or(false)};
}

Ready ready_from(const Json&) {
    return {};
}

Progress progress_from(const Json& object) {
    return {number_in(object, "received"), number_in(object, "durable")};
}

LogLine log_line_from(const Json& object) {
    return {severity_in(object, "severity"), text_in(object, "text")};
}

Durable durable_from(const Json& object) {
    return {uuid_if_said(object, "copy")};
}

Result result_from(const Json& object) {
    return {list_in(object, "kept", max_listed_snapshots, kept_from),
            list_in(object, "pruned", max_listed_snapshots, kept_from),
            number_in(object, "free_bytes"), word_if_said(object)};
}

ManifestKept manifest_kept_from(const Json&) {
    return {};
}

Failed failed_from(const Json& object) {
    return {code_in(object, "code"), text_in(object, "message"), text_in(object, "hint"),
            flag_if_said(object, "may_pass").value_or(false)};
}

struct Kind {
    std::string_view type;
    Message (*from)(const Json&);
};

template <auto From>
Message parse_as(const Json& object) {
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

}  // namespace

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
