#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Reading a message's JSON: it comes from the other side, so nothing in it is what it should be
/// until it was looked at. All throw Failure (protocol) that names the field.
namespace snapferry::wire {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& why);

/// The object that a payload holds: no deeper than any message is, and parsed in a time that grows
/// with its length alone.
Json parse_object(std::span<const std::byte> payload);

const Json& required(const Json& object, const char* key);
std::string text_in(const Json& object, const char* key);
std::uint64_t number_in(const Json& object, const char* key);
bool flag_in(const Json& object, const char* key);
const Json& bounded_list(const Json& object, const char* key, std::size_t limit);

/// Of a field that an older side does not send.
std::optional<bool> flag_if_said(const Json& object, const char* key);
std::optional<std::uint64_t> number_if_said(const Json& object, const char* key);

/// The same: what `parse` takes.
template <typename Parse>
auto parsed_if_said(const Json& object, const char* key, Parse parse) -> decltype(parse("")) {
    if (!object.contains(key)) {
        return std::nullopt;
    }
    auto parsed = parse(text_in(object, key));
    if (!parsed) {
        refuse(fmt::format("\"{}\" is none", key));
    }
    return parsed;
}

/// Of a list of objects, what `parse` makes of each.
template <typename Parse>
auto list_in(const Json& object, const char* key, std::size_t limit, Parse parse) {
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

}  // namespace snapferry::wire
