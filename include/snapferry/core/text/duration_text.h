#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// A duration as configuration files have it: a whole number and one of s, min, h, d, w ("36h",
/// "7d", "0s"). Nothing where the text is anything else or more than 100 years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// A duration for a person, in the two largest units that matter: "3 d 4 h", "2 min 5 s", "0 s".
std::string duration_text(std::chrono::seconds duration);

}  // namespace snapferry
