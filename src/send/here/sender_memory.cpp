#include "snapferry/send/here/sender_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

using nlohmann::json;

constexpr std::uint64_t format_version = 1;
constexpr std::size_t max_file =
    std::size_t{16} * 1024 * 1024;  // bytes; a snapshot takes about 200

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

template <typename List>
json list_of(const List& list) {
    auto array = json::array();
    for (const auto& one : list) {
        array.push_back(to_json(one));
    }
    return array;
}

}  // namespace

SenderMemory::SenderMemory(const std::filesystem::path& snapshot_dir, const Tag& dest_tag,
                           std::string receiver, Log& log)
    : file_(snapshot_dir / ".snapferry" / (dest_tag.text() + ".memory.json")),
      receiver_(std::move(receiver)),
      log_(log) {
    try {
        if (const auto text = sys::read_small_file(file_, max_file)) {
            read(*text);
            as_read_ = this->text();
        }
    } catch (const std::exception& error) {
        sent_.clear();
        attempts_.forget_all();
        others_.clear();
        log_.warning("what was sent before cannot be read from {}: {}", escape_text(file_.native()),
                     escape_text(error.what()));
    }
}

void SenderMemory::read(const std::string& text) {
    auto root = json::parse(text);
    if (root.at("format").get<std::uint64_t>() != format_version) {
        throw Failure(ExitCode::configuration, "it is of another version of snapferry");
    }
    auto& receivers = root.at("receivers");
    if (const auto own = receivers.find(receiver_); own != receivers.end()) {
        for (const auto& one : own->at("sent")) {
            sent_.push_back(sent_from(one));
        }
        std::vector<FailedPart> parts;
        for (const auto& one : own->at("failed")) {
            parts.push_back(part_from(one));
        }
        attempts_ = Attempts(std::move(parts));
        receivers.erase(own);
    }
    others_ = receivers.dump();
}

std::string SenderMemory::text() const {
    auto receivers = others_.empty() ? json::object() : json::parse(others_);
    receivers[receiver_] = {{"sent", list_of(sent_)}, {"failed", list_of(attempts_.parts())}};
    return json{{"format", format_version}, {"receivers", std::move(receivers)}}.dump(1) + "\n";
}

void SenderMemory::begun(SentSnapshot snapshot) {
    if (find_sent(sent_, snapshot.uuid) == nullptr) {
        snapshot.unfinished = true;
        sent_.insert(sent_.begin(), std::move(snapshot));
    }
}

void SenderMemory::is_whole(const Uuid& uuid) {
    for (auto& one : sent_) {
        one.unfinished = one.unfinished && one.uuid != uuid;
    }
}

void SenderMemory::arrived(const SentSnapshot& snapshot) {
    std::erase_if(sent_, [&](const SentSnapshot& one) { return one.uuid == snapshot.uuid; });
    sent_.push_back(snapshot);
}

void SenderMemory::keep_only(const std::set<Uuid>& here) {
    std::erase_if(sent_, [&](const SentSnapshot& one) { return !here.contains(one.uuid); });
    attempts_.keep_only(here);
}

void SenderMemory::save() {
    try {
        const auto now = text();
        if (now != as_read_) {
            sys::make_private_directory(file_.parent_path());
            sys::replace_file(file_, now);
            as_read_ = now;
        }
    } catch (const std::exception& error) {
        log_.warning("what was sent cannot be noted in {}: {}", escape_text(file_.native()),
                     error.what());
    }
}

}  // namespace snapferry::send
