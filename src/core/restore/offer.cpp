#include "snapferry/core/restore/offer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"

namespace snapferry::restore {
namespace {

using nlohmann::json;

constexpr std::size_t most_backups = 2048;

[[noreturn]] void refuse(std::string_view why) {
    throw Failure(
        ExitCode::protocol,
        fmt::format("the other side offered a backup in words that are not sound: {}", why));
}

json object_of(const RemoteSnapshot& backup) {
    json object{{"name", backup.name.text()}, {"uuid", backup.uuid.text()}};
    if (backup.copy) {
        object["copy"] = backup.copy->text();
    }
    return object;
}

std::string text_in(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) {
        refuse(fmt::format("\"{}\" is missing, or no text", key));
    }
    return found->get<std::string>();
}

Uuid uuid_in(const json& object, const char* key) {
    const auto uuid = Uuid::parse(text_in(object, key));
    if (!uuid || uuid->is_null()) {
        refuse(fmt::format("\"{}\" is no uuid", key));
    }
    return *uuid;
}

Tag tag_in(const json& object, const char* key) {
    const auto text = text_in(object, key);
    if (!Tag::is_tag(text)) {
        refuse(fmt::format("\"{}\" is no tag", key));
    }
    return Tag::parse(text);
}

RemoteSnapshot backup_in(const json& object) {
    if (!object.is_object()) {
        refuse("a backup is no object");
    }
    const auto name = SnapshotName::parse(text_in(object, "name"));
    if (!name) {
        refuse("a name cannot be that of a snapshot");
    }
    return {*name, uuid_in(object, "uuid"), uuid_in(object, "copy")};
}

Offer offer_in(const json& object) {
    if (!object.is_object() || !object.contains("backup") || !object.contains("all")) {
        refuse("it is no object, or lacks a backup");
    }
    const auto& list = object.at("all");
    if (!list.is_array() || list.size() > most_backups) {
        refuse("\"all\" is no list, or too long");
    }
    Offer offer{tag_in(object, "tag"), backup_in(object.at("backup")), {}};
    offer.all.reserve(list.size());
    for (const auto& one : list) {
        offer.all.push_back(backup_in(one));
    }
    if (object.contains("derived_from")) {
        offer.derived_from = tag_in(object, "derived_from");
    }
    const auto manifest = object.find("manifest");
    offer.has_manifest = manifest != object.end() && manifest->is_boolean() && *manifest;
    return offer;
}

}  // namespace

std::string line_of(const Offer& offer) {
    json object{{"tag", offer.tag.text()},
                {"backup", object_of(offer.backup)},
                {"manifest", offer.has_manifest},
                {"all", json::array()}};
    for (const auto& one : offer.all) {
        object["all"].push_back(object_of(one));
    }
    if (offer.derived_from) {
        object["derived_from"] = offer.derived_from->text();
    }
    return object.dump();
}

Offer parse_offer(std::string_view line) {
    constexpr int deepest = 4;
    if (line.size() > longest_offer) {
        refuse("too many bytes");
    }
    bool is_too_deep = false;
    const auto object = json::parse(
        line.begin(), line.end(),
        [&](int depth, json::parse_event_t, json&) {
            is_too_deep = is_too_deep || depth > deepest;
            return !is_too_deep;
        },
        false);
    if (object.is_discarded() || is_too_deep) {
        refuse("it is no JSON");
    }
    return offer_in(object);
}

}  // namespace snapferry::restore
