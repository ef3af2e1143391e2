#pragma once

#include <string_view>

#include "snapferry/core/stream/format.h"

namespace snapferry::stream {

/// The kernel's name of the command in lower case, as messages have it; "unknown" for any other.
std::string_view name_of(CommandType type);

/// Likewise for an attribute.
std::string_view name_of(AttributeType type);

}  // namespace snapferry::stream
