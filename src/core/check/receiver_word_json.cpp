#include "snapferry/core/check/receiver_word_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "snapferry/core/check/check_state.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

using nlohmann::json;

constexpr std::array states{CheckState::ok, CheckState::warning, CheckState::critical,
                            CheckState::unknown};

std::optional<CheckState> state_called(std::string_view text) {
    const auto* const found = std::find_if(
        states.begin(), states.end(), [&](CheckState state) { return name_of(state) == text; });
    return found == states.end() ? std::nullopt : std::optional(*found);
}

std::vector<Finding> worst_of_all(std::vector<Finding> findings) {
    if (findings.size() > most_findings) {
        std::stable_sort(findings.begin(), findings.end(),
                         [](const Finding& one, const Finding& other) {
                             return is_worse(one.state, other.state);
                         });
        findings.resize(most_findings);
    }
    return findings;
}

/// Escaped already where it comes from, and once more where it arrives.
std::string bounded(std::string_view text) {
    return text.size() <= longest_finding ? safe_line(text)
                                          : safe_line(text.substr(0, longest_finding)) + "...";
}

json list_of(const std::vector<Finding>& findings) {
    auto list = json::array();
    for (const auto& one : worst_of_all(findings)) {
        list.push_back({{"state", name_of(one.state)}, {"text", bounded(one.text)}});
    }
    return list;
}

std::optional<Finding> finding_in(const json& item) {
    if (!item.is_object() || !item.contains("state") || !item.contains("text") ||
        !item["state"].is_string() || !item["text"].is_string()) {
        return std::nullopt;
    }
    const auto state = state_called(item["state"].get_ref<const std::string&>());
    if (!state) {
        return std::nullopt;
    }
    return Finding{*state, bounded(item["text"].get_ref<const std::string&>())};
}

std::vector<Finding> findings_in(const json& object, const char* key) {
    std::vector<Finding> findings;
    const auto list = object.find(key);
    if (list == object.end() || !list->is_array()) {
        return findings;
    }
    for (const auto& item : *list) {
        if (auto finding = finding_in(item); finding && findings.size() < most_findings) {
            findings.push_back(std::move(*finding));
        }
    }
    return findings;
}

}  // namespace

json json_of(const ReceiverWord& word) {
    return {{"disk", list_of(word.disk)}, {"tag", list_of(word.tag)}};
}

std::optional<ReceiverWord> word_in(const json& object) {
    return object.is_object() ? std::optional(ReceiverWord{findings_in(object, "disk"),
                                                           findings_in(object, "tag")})
                              : std::nullopt;
}

bool is_check_state(std::string_view text) {
    return state_called(text).has_value();
}

std::string word_text(const ReceiverWord& word) {
    return json_of(word).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<ReceiverWord> parse_word(std::string_view text) {
    return word_in(json::parse(text, nullptr, false));
}

}  // namespace snapferry
