#include "snapferry/receive/stream/checkpoint.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/form.h"
#include "snapferry/receive/age/arrival_facts.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {
namespace {

using nlohmann::json;

constexpr std::uint64_t format_version = 2;
constexpr std::uint64_t format_without_macs = 1;
constexpr std::uint64_t rooms = 2;
constexpr std::size_t max_file = 1024 * 1024;  // bytes; a share takes about 270

json optional_text(const std::optional<Uuid>& uuid) {
    return uuid ? json(uuid->text()) : json();
}

json to_json(const Checkpoint& checkpoint) {
    auto shares = json::array();
    for (const auto& share : checkpoint.shares) {
        const auto& keyed = share.keyed.value();
        auto& one = shares.emplace_back(json{{"end", share.end},
                                             {"digest", share.digest},
                                             {"key", wire::text_of(keyed.key)},
                                             {"mac", keyed.mac}});
        if (share.outline) {
            one["outline"] = *share.outline;
        }
    }
    json object{{"format", format_version},
                {"name", checkpoint.identity.name.text()},
                {"uuid", checkpoint.identity.uuid.text()},
                {"transid", checkpoint.identity.transid},
                {"parent", optional_text(checkpoint.identity.parent_uuid)},
                {"stream", stream::text_of(checkpoint.form)},
                {"alias", optional_text(checkpoint.alias_uuid)},
                {"partial", checkpoint.partial},
                {"partial_uuid", checkpoint.partial_uuid.text()},
                {"room", checkpoint.room + 1},
                {"segments", checkpoint.segments},
                {"shares", std::move(shares)}};
    if (checkpoint.changes) {
        object["changes"] = json_of(*checkpoint.changes);
    }
    if (checkpoint.writes) {
        object["writes"] = *checkpoint.writes;
    }
    if (checkpoint.claim) {
        object["claim"] = wire::text_of(*checkpoint.claim);
    }
    return object;
}

[[noreturn]] void refuse(std::string_view what) {
    throw Failure(ExitCode::receiving, fmt::format("its checkpoint is damaged ({})", what));
}

const json& field(const json& object, const char* key, bool (json::*is_right)() const noexcept) {
    const auto found = object.find(key);
    if (found == object.end() || !((*found).*is_right)()) {
        refuse(key);
    }
    return *found;
}

std::uint64_t number_in(const json& object, const char* key) {
    return field(object, key, &json::is_number_unsigned).get<std::uint64_t>();
}

std::string text_in(const json& object, const char* key) {
    return field(object, key, &json::is_string).get<std::string>();
}

SnapshotName name_in(const json& object, const char* key) {
    auto name = SnapshotName::parse(text_in(object, key));
    if (!name) {
        refuse(key);
    }
    return std::move(*name);
}

Uuid uuid_in(const json& object, const char* key) {
    const auto uuid = Uuid::parse(text_in(object, key));
    if (!uuid || uuid->is_null()) {
        refuse(key);
    }
    return *uuid;
}

std::optional<Uuid> optional_uuid_in(const json& object, const char* key) {
    const bool is_null = object.contains(key) && object.at(key).is_null();
    return is_null ? std::nullopt : std::optional(uuid_in(object, key));
}

stream::Form form_in(const json& object, const char* key) {
    const auto form = stream::parse_form(text_in(object, key));
    if (!form) {
        refuse(key);
    }
    return *form;
}

wire::KeyedMac keyed_mac_in(const json& object) {
    const auto key = wire::parse_mac_key(text_in(object, "key"));
    auto mac = text_in(object, "mac");
    if (!key || !wire::is_mac(mac)) {
        refuse("shares");
    }
    return {*key, std::move(mac)};
}

/// Of a share of a stream that the sender fills.
std::optional<std::string> outline_in(const json& share) {
    if (!share.contains("outline")) {
        return std::nullopt;
    }
    auto outline = text_in(share, "outline");
    if (!wire::is_mac(outline)) {  // as many digits
        refuse("shares");
    }
    return outline;
}

std::optional<std::uint32_t> writes_in(const json& object) {
    if (!object.contains("writes")) {
        return std::nullopt;
    }
    const auto number = number_in(object, "writes");
    if (number == 0 || number > std::numeric_limits<std::uint32_t>::max()) {
        refuse("writes");
    }
    return static_cast<std::uint32_t>(number);
}

std::optional<wire::Claim> claim_in(const json& object) {
    if (!object.contains("claim")) {
        return std::nullopt;
    }
    const auto claim = wire::parse_claim(text_in(object, "claim"));
    if (!claim) {
        refuse("claim");
    }
    return claim;
}

std::size_t room_in(const json& object) {
    const auto number = number_in(object, "room");
    if (number < 1 || number > rooms) {
        refuse("room");
    }
    return static_cast<std::size_t>(number - 1);
}

std::vector<wire::StreamShare> shares_in(const json& object) {
    const auto& list = field(object, "shares", &json::is_array);
    std::vector<wire::StreamShare> shares;
    std::uint64_t last_end = 0;
    for (const auto& share : list) {
        if (!share.is_object()) {
            refuse("shares");
        }
        shares.push_back({number_in(share, "end"), text_in(share, "digest"), keyed_mac_in(share),
                          outline_in(share)});
        if (shares.back().end <= std::exchange(last_end, shares.back().end)) {
            refuse("shares");
        }
    }
    if (shares.empty() || shares.size() > wire::max_shares) {
        refuse("shares");
    }
    return shares;
}

/// As strict as the wire: what is not as written is given up, and starts over.
Checkpoint from_json(const json& object) {
    if (!object.is_object()) {
        refuse("not JSON");
    }
    const auto format = number_in(object, "format");
    if (format == format_without_macs) {
        throw Failure(ExitCode::receiving,
                      "its checkpoint is of an older snapferry, and its checksums prove nothing "
                      "about who sent it");
    }
    if (format != format_version) {
        throw Failure(ExitCode::receiving, "its checkpoint is of another version of snapferry");
    }
    Checkpoint checkpoint{{name_in(object, "name"), uuid_in(object, "uuid"),
                           number_in(object, "transid"), optional_uuid_in(object, "parent")},
                          form_in(object, "stream"),
                          optional_uuid_in(object, "alias"),
                          name_in(object, "partial").text(),
                          uuid_in(object, "partial_uuid"),
                          number_in(object, "segments"),
                          shares_in(object),
                          room_in(object)};
    if (object.contains("changes")) {
        checkpoint.changes = changes_in(object.at("changes"));
    }
    checkpoint.writes = writes_in(object);
    checkpoint.claim = claim_in(object);
    if (checkpoint.alias_uuid.has_value() != checkpoint.identity.parent_uuid.has_value()) {
        refuse("alias");
    }
    return checkpoint;
}

}  // namespace

std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& file, std::string& why) {
    try {
        const auto text = sys::read_own_file(file, max_file);
        if (!text) {
            return std::nullopt;
        }
        return from_json(json::parse(*text, nullptr, false));
    } catch (const std::exception& error) {
        why = error.what();
        return std::nullopt;
    }
}

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
    sys::replace_file(file, to_json(checkpoint).dump(1) + "\n", 0600, ExitCode::receiving);
}

}  // namespace snapferry::receive
