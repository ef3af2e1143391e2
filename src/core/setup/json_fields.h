#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/failure.h"

/// How the messages of setting up are written and read: one version, and nothing unbounded.
namespace snapferry::setup {

using Json = nlohmann::ordered_json;

inline constexpr int message_version = 1;
inline constexpr std::size_t longest_message = std::size_t{256} * 1024;  // bytes
inline constexpr std::size_t longest_text = 4096;                        // bytes
inline constexpr std::size_t most_entries = 256;                         // of a list

[[noreturn]] inline void refuse_message(std::string_view what) {
    throw Failure(
        ExitCode::protocol,
        "what the other machine says of its set-up is not understood: " + std::string(what),
        "install the same version of snapferry at both ends");
}

inline std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What is nested deeper than any message is refused while it is read: to copy and to write it
/// takes the stack. Discarded where it is no JSON.
inline Json parse_flat(std::string_view line) {
    const auto refuse_deep = [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
        constexpr int deepest = 16;
        if (depth > deepest) {
            refuse_message("it is nested too deeply");
        }
        return true;
    };
    return Json::parse(line, refuse_deep, false);
}

inline Json parse_message(std::string_view line) {
    if (line.size() > longest_message) {
        refuse_message("it is too long");
    }
    auto json = parse_flat(line);
    const auto version = json.is_object() ? json.find("version") : json.end();
    if (!json.is_object() || version == json.end() || *version != message_version) {
        refuse_message("it is no message of this version");
    }
    return json;
}

inline std::string checked_text(const Json& value) {
    if (!value.is_string()) {
        refuse_message("a text is missing");
    }
    auto text = value.get<std::string>();
    if (text.size() > longest_text || text.find('\0') != std::string::npos) {
        refuse_message("a text is too long");
    }
    return text;
}

/// Empty where there is none.
inline std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? std::string{} : checked_text(*found);
}

inline bool flag_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// An empty one where there is none.
inline const Json& list_in(const Json& object, const char* name) {
    static const Json none = Json::array();
    const auto found = object.find(name);
    if (found == object.end()) {
        return none;
    }
    if (!found->is_array() || found->size() > most_entries) {
        refuse_message("a list is missing or too long");
    }
    return *found;
}

inline std::vector<std::string> texts_in(const Json& object, const char* name) {
    const auto& list = list_in(object, name);
    std::vector<std::string> texts;
    texts.reserve(list.size());
    for (const auto& value : list) {
        texts.push_back(checked_text(value));
    }
    return texts;
}

}  // namespace snapferry::setup
