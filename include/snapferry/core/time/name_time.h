#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace snapferry {

/// The time that a snapshot's name begins with, "2021-08-17T07:00:01+00:00"; nothing where it
/// begins with anything else.
std::optional<std::chrono::sys_seconds> time_in_name(std::string_view name);

}  // namespace snapferry
