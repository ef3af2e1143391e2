#include "memory_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "snapferry/core/failure.h"

namespace snapferry::send {
namespace {

using nlohmann::json;

constexpr std::uint64_t format_version = 2;
constexpr std::uint64_t former_version = 1;  // one file for all receivers of a tag

json optional_text(const std::optional<Uuid>& uuid) {
    return uuid ? json(uuid->text()) : json();
}

Uuid uuid_in(const json& value) {
    const auto uuid = Uuid::parse(value.get<std::string>());
    if (!uuid) {
        throw Failure(ExitCode::configuration, "it holds what is no uuid");
    }
    return *uuid;
}

std::optional<Uuid> optional_uuid_in(const json& value) {
    return value.is_null() ? std::nullopt : std::optional(uuid_in(value));
}

json to_json(const SentSnapshot& one) {
    return {{"name", one.name},
            {"uuid", one.uuid.text()},
            {"transid", one.transid},
            {"copy", optional_text(one.copy)},
            {"unfinished", one.unfinished}};
}

SentSnapshot sent_from(const json& one) {
    return {one.at("name").get<std::string>(), uuid_in(one.at("uuid")),
            one.at("transid").get<std::uint64_t>(), optional_uuid_in(one.at("copy")),
            one.at("unfinished").get<bool>()};
}

json to_json(const FailedPart& part) {
    return {
        {"kind", static_cast<int>(part.kind)}, {"uuid", part.uuid.text()}, {"name", part.name},
        {"code", static_cast<int>(part.code)}, {"words", part.words},      {"times", part.times},
        {"with", optional_text(part.with)},    {"resumed", part.resumed},  {"begin", part.begin}};
}

FailedPart part_from(const json& one) {
    const auto kind = one.at("kind").get<int>();
    const auto code = one.at("code").get<int>();
    const bool is_known = std::any_of(
        exit_code_meanings.begin(), exit_code_meanings.end(),
        [&](const ExitCodeMeaning& entry) { return static_cast<int>(entry.code) == code; });
    if (kind < 0 || kind > static_cast<int>(FailedPart::Kind::snapshot) || !is_known) {
        throw Failure(ExitCode::configuration, "it holds an unknown kind of failure");
    }
    return {static_cast<FailedPart::Kind>(kind), uuid_in(one.at("uuid")),
            one.at("name").get<std::string>(),   static_cast<ExitCode>(code),
            one.at("words").get<std::string>(),  one.at("times").get<unsigned>(),
            optional_uuid_in(one.at("with")),    one.at("resumed").get<bool>(),
            one.value("begin", std::uint64_t{0})};
}

json to_json(const BegunStream& one) {
    return {{"snapshot", one.snapshot.text()}, {"secret", wire::text_of(one.secret)}};
}

json to_json(const DiskMemory& memory);

template <typename List>
json list_of(const List& list) {
    auto array = json::array();
    for (const auto& one : list) {
        array.push_back(to_json(one));
    }
    return array;
}

json to_json(const LastArrived& last) {
    return {{"name", last.name},
            {"uuid", last.uuid.text()},
            {"copy", optional_text(last.copy)},
            {"taken", last.taken.time_since_epoch().count()}};
}

LastArrived last_from(const json& one) {
    return {one.at("name").get<std::string>(), uuid_in(one.at("uuid")),
            optional_uuid_in(one.at("copy")),
            std::chrono::sys_seconds(std::chrono::seconds(one.at("taken").get<std::int64_t>()))};
}

/// To lose one costs reading again, and not what else is remembered.
std::vector<BegunStream> begun_in(const json& list) {
    std::vector<BegunStream> begun;
    for (const auto& one : list) {
        const auto snapshot = Uuid::parse(one.value("snapshot", ""));
        const auto secret = wire::parse_secret(one.value("secret", ""));
        if (snapshot && secret && begun.size() < most_begun_streams) {
            begun.push_back({*snapshot, *secret});
        }
    }
    return begun;
}

/// For a person who looks into the file.
json to_json(const JobIdentity& job) {
    return {{"snapshot_dir", job.snapshot_dir},
            {"source_tag", job.source_tag},
            {"receiver", job.address()},
            {"dest_tag", job.dest_tag}};
}

void require_version(const json& root, std::uint64_t version) {
    if (root.at("format").get<std::uint64_t>() != version) {
        throw Failure(ExitCode::configuration, "it is of another version of snapferry");
    }
}

DiskMemory what_failed_and_was_sent(const json& root) {
    DiskMemory content;
    for (const auto& one : root.at("sent")) {
        content.sent.push_back(sent_from(one));
    }
    for (const auto& one : root.at("failed")) {
        content.failed.push_back(part_from(one));
    }
    return content;
}

/// An earlier version knew of no disks, and of these no names, pins and days.
DiskMemory disk_memory_from(const json& root) {
    auto memory = what_failed_and_was_sent(root);
    if (const auto& last = root.at("last"); !last.is_null()) {
        memory.last = last_from(last);
    }
    memory.disk = optional_uuid_in(root.value("disk", json()));
    for (const auto& pin : root.value("pins", json::array())) {
        memory.pins.insert(uuid_in(pin));
    }
    memory.away = {root.value("days_away", 0U), root.value("last_day_away", std::int64_t{0})};
    memory.begun = begun_in(root.value("begun", json::array()));
    return memory;
}

json to_json(const DiskMemory& memory) {
    auto pins = json::array();
    for (const auto& pin : memory.pins) {
        pins.push_back(pin.text());
    }
    return {{"disk", optional_text(memory.disk)},
            {"sent", list_of(memory.sent)},
            {"failed", list_of(memory.failed)},
            {"last", memory.last ? to_json(*memory.last) : json()},
            {"pins", pins},
            {"begun", list_of(memory.begun)},
            {"days_away", memory.away.days},
            {"last_day_away", memory.away.last_day}};
}

}  // namespace

std::vector<DiskMemory> Remembered::disks() const {
    auto all = absent;
    all.insert(all.begin(), present);
    return all;
}

std::string memory_text(const JobIdentity& job, const Remembered& content) {
    auto root = to_json(content.present);
    root["format"] = format_version;
    root["job"] = to_json(job);
    root["absent"] = list_of(content.absent);
    root["former"] = content.former;
    root["mirrored"] = content.mirrored;
    // A path or a name may be no UTF-8: what is shown of it is for a person alone.
    return root.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Remembered remembered_in(const std::string& text) {
    const auto root = json::parse(text);
    require_version(root, format_version);
    Remembered content;
    content.present = disk_memory_from(root);
    for (const auto& one : root.value("absent", json::array())) {
        content.absent.push_back(disk_memory_from(one));
    }
    content.former = root.at("former").get<std::set<std::string>>();
    content.mirrored = root.at("mirrored").get<std::string>();
    return content;
}

std::map<std::string, Remembered> formerly_remembered_in(const std::string& text) {
    const auto root = json::parse(text);
    require_version(root, former_version);
    std::map<std::string, Remembered> all;
    for (const auto& [receiver, content] : root.at("receivers").items()) {
        Remembered of_one;
        of_one.present = what_failed_and_was_sent(content);
        all.emplace(receiver, std::move(of_one));
    }
    return all;
}

}  // namespace snapferry::send
