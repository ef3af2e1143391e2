#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace snapferry {

/// The time that a snapshot's name begins with, where it says how far it is from UTC:
/// "2021-08-17T07:00:01+00:00"; nothing where it begins with anything else.
std::optional<std::chrono::sys_seconds> time_in_name(std::string_view name);

/// How far this machine's zone is ahead of UTC at a time.
using ZoneOffset = std::function<std::chrono::seconds(std::chrono::sys_seconds)>;

/// The same, also where it is the zone's own, "2021-08-17--07-00-01". In the hour that the end of
/// summer brings twice, the one that is nearer to `about` is meant.
std::optional<std::chrono::sys_seconds> time_in_name(std::string_view name, const ZoneOffset& zone,
                                                     std::chrono::sys_seconds about);

}  // namespace snapferry
