#pragma once

#include <chrono>
#include <optional>

#include "snapferry/sys/config/config_file.h"

namespace snapferry::send {

/// max_age of a table, which was called stale_after; what it does not say is as `otherwise`.
/// Nothing: it is learnt.
std::optional<std::chrono::seconds> read_max_age(
    const sys::ConfigTable& table, const std::optional<std::chrono::seconds>& otherwise);

/// That of all jobs: of [defaults], or as [hooks] had it.
std::optional<std::chrono::seconds> read_max_age_of_all(const sys::ConfigTable& root);

}  // namespace snapferry::send
