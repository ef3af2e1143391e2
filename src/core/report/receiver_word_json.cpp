#include "snapferry/core/report/receiver_word_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> state_names{"ok", "warning", "critical", "unknown"};

std::string_view name_of(CheckState state) {
    return state_names.at(static_cast<std::size_t>(state));
}

/// As tell_findings() orders them.
int badness(const Finding& finding) {
    constexpr std::array badness_of{0, 1, 3, 2};
    return badness_of.at(static_cast<std::size_t>(finding.state));
}

std::vector<Finding> worst_of_all(std::vector<Finding> findings) {
    if (findings.size() > most_findings) {
        std::stable_sort(
            findings.begin(), findings.end(),
            [](const Finding& one, const Finding& other) { return badness(one) > badness(other); });
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
    const auto* const state = std::find(state_names.begin(), state_names.end(),
                                        item["state"].get_ref<const std::string&>());
    if (state == state_names.end()) {
        return std::nullopt;
    }
    return Finding{static_cast<CheckState>(state - state_names.begin()),
                   bounded(item["text"].get_ref<const std::string&>())};
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
    return std::find(state_names.begin(), state_names.end(), text) != state_names.end();
}

std::string word_text(const ReceiverWord& word) {
    return json_of(word).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<ReceiverWord> parse_word(std::string_view text) {
    return word_in(json::parse(text, nullptr, false));
}

}  // namespace snapferry
