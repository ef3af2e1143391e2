#include "message_fields.h"

#include <string_view>

#include "snapferry/core/failure.h"

namespace snapferry::wire {
namespace {

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

}  // namespace

void refuse(const std::string& why) {
    throw Failure(ExitCode::protocol, "the other side sent a message that is not sound: " + why);
}

Json parse_object(std::span<const std::byte> payload) {
    const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
    if (text.find('\0') != std::string_view::npos) {
        refuse("it has a NUL byte");  // the parser would take it for the end of the text
    }
    if (nests_too_deep(text)) {
        refuse("it nests too deep");
    }
    auto object = Json::parse(text, nullptr, false);
    if (!object.is_object()) {
        refuse("it is not a JSON object");
    }
    return object;
}

const Json& required(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) {
        refuse(fmt::format("\"{}\" is missing", key));
    }
    return *found;
}

std::string text_in(const Json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_string()) {
        refuse(fmt::format("\"{}\" is not a text", key));
    }
    return value.get<std::string>();
}

std::uint64_t number_in(const Json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_number_unsigned()) {
        refuse(fmt::format("\"{}\" is not a whole number", key));
    }
    return value.get<std::uint64_t>();
}

const Json& bounded_list(const Json& object, const char* key, std::size_t limit) {
    const auto& list = required(object, key);
    if (!list.is_array() || list.size() > limit) {
        refuse(fmt::format("\"{}\" is not a list, or too long", key));
    }
    return list;
}

bool flag_in(const Json& object, const char* key) {
    const auto& value = required(object, key);
    if (!value.is_boolean()) {
        refuse(fmt::format("\"{}\" is not true or false", key));
    }
    return value.get<bool>();
}

std::optional<bool> flag_if_said(const Json& object, const char* key) {
    return object.contains(key) ? std::optional(flag_in(object, key)) : std::nullopt;
}

std::optional<std::uint64_t> number_if_said(const Json& object, const char* key) {
    return object.contains(key) ? std::optional(number_in(object, key)) : std::nullopt;
}

}  // namespace snapferry::wire
