#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/check/receiver_word.h"

/// A receiver's word of itself as it travels, and as the sender writes it down.
namespace snapferry {

/// Most findings in either list, and most bytes of a text: what is beyond is left out.
inline constexpr std::size_t most_findings = 16;
inline constexpr std::size_t longest_finding = 400;

/// As it travels and is written down. Lists that are too long, and texts, are cut, the worst
/// findings kept.
nlohmann::json json_of(const ReceiverWord& word);

/// What an object says. Nothing where it is none; a finding that is not understood is passed over,
/// what is too long is cut, and all of it is escaped.
std::optional<ReceiverWord> word_in(const nlohmann::json& object);

/// "ok", "warning", "critical" or "unknown".
bool is_check_state(std::string_view text);

/// The same as text.
std::string word_text(const ReceiverWord& word);
std::optional<ReceiverWord> parse_word(std::string_view text);

}  // namespace snapferry
