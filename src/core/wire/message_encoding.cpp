#include <algorithm>
#include <nlohmann/json.hpp>

#include "snapferry/core/check/receiver_word_json.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::wire {
namespace {

using Json = nlohmann::json;

// ---- fields ----------------------------------------------------------------------------------

Json field(const Uuid& uuid) {
    return uuid.text();
}
Json field(const SnapshotName& name) {
    return name.text();
}
Json field(stream::Form form) {
    return stream::text_of(form);
}
Json field(const Unfinished& unfinished);
template <typename T>
Json field(const std::optional<T>& value) {
    return value ? field(*value) : Json{};
}

Json field(const StreamShare& share) {
    Json object{{"end", share.end}, {"digest", share.digest}};
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
void add(Json& object, const char* key, const std::optional<Uuid>& uuid) {
    if (uuid) {
        object[key] = field(*uuid);
    }
}

void add(Json& object, const std::optional<ReceiverWord>& word) {
    if (word) {
        object["health"] = json_of(*word);
    }
}

Json field(const RemoteSnapshot& snapshot) {
    Json object{{"name", field(snapshot.name)}, {"uuid", field(snapshot.uuid)}};
    add(object, "copy", snapshot.copy);
    if (snapshot.has_manifest) {
        object["manifest"] = *snapshot.has_manifest;
    }
    return object;
}

Json field(const Kept& kept) {
    return {{"name", field(kept.name)}, {"reason", kept.reason}};
}

template <typename T>
Json field(const std::vector<T>& values) {
    auto list = Json::array();
    for (const auto& value : values) {
        list.push_back(field(value));
    }
    return list;
}

Json field(const Unfinished& unfinished) {
    Json object{{"name", field(unfinished.name)},
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

// ---- messages --------------------------------------------------------------------------------

Json to_json(const Hello& message) {
    return {{"type", "hello"}, {"program", message.program}, {"macs", message.compares_macs}};
}

Json to_json(const Announce& message) {
    Json object{{"type", "announce"},
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

Json to_json(const StreamEnd& message) {
    return {{"type", "stream_end"}, {"bytes", message.bytes}, {"digest", message.digest}};
}

Json to_json(const Goodbye& message) {
    Json object{{"type", "goodbye"}};
    if (message.up_to_date) {
        object["up_to_date"] = true;
    }
    return object;
}

Json to_json(const ManifestOffer& message) {
    return {{"type", "manifest"},
            {"copy", field(message.copy)},
            {"uuid", field(message.uuid)},
            {"bytes", message.bytes}};
}

Json to_json(const ManifestEnd& message) {
    return {{"type", "manifest_end"}, {"digest", message.digest}};
}

Json to_json(const KeepAlive&) {
    return {{"type", "keep_alive"}};
}

Json to_json(const Welcome& message) {
    Json object{{"type", "welcome"},
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

Json to_json(const Ready&) {
    return {{"type", "ready"}};
}

Json to_json(const Progress& message) {
    return {{"type", "progress"}, {"received", message.received}, {"durable", message.durable}};
}

Json to_json(const LogLine& message) {
    return {{"type", "log"}, {"severity", severity_name(message.severity)}, {"text", message.text}};
}

Json to_json(const Durable& message) {
    Json object{{"type", "durable"}};
    add(object, "copy", message.copy);
    return object;
}

Json to_json(const Result& message) {
    Json object{{"type", "result"},
                {"kept", field(message.kept)},
                {"pruned", field(message.pruned)},
                {"free_bytes", message.free_bytes}};
    add(object, message.word);
    return object;
}

Json to_json(const ManifestKept&) {
    return {{"type", "manifest_kept"}};
}

Json to_json(const Failed& message) {
    Json object{{"type", "failed"},
                {"code", exit_code_name(message.code)},
                {"message", message.message},
                {"hint", message.hint}};
    if (message.may_pass) {
        object["may_pass"] = true;
    }
    return object;
}

/// Text of a log line may hold anything: what is not UTF-8 is replaced, never thrown over.
std::string text_of(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
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

}  // namespace snapferry::wire
