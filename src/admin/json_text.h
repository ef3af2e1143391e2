#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "snapferry/core/manifest/difference.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::admin {

using Json = nlohmann::ordered_json;

/// What is not UTF-8 is replaced: whoever reads it wants JSON in any case.
inline std::string text_of(const Json& json) {
    constexpr int indent = 2;
    return safe_json(json.dump(indent, ' ', false, Json::error_handler_t::replace)) + "\n";
}

inline Json names_of(const std::vector<manifest::Aspect>& aspects) {
    auto names = Json::array();
    for (const auto aspect : aspects) {
        names.push_back(manifest::name_of(aspect));
    }
    return names;
}

}  // namespace snapferry::admin
