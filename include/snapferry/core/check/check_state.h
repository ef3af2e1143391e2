#pragma once

#include <string_view>

#include "snapferry/core/check/check.h"

namespace snapferry {

/// Critical is worse than unknown, unknown worse than warning.
bool is_worse(CheckState one, CheckState other);

/// "ok", "warning", "critical" or "unknown": for a program to read.
std::string_view name_of(CheckState state);

}  // namespace snapferry
