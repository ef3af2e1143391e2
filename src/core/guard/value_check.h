#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "command_rules.h"

namespace snapferry::stream {

/// Why the value is not one of that kind, as the end of "the attribute x of y ..."; empty where it
/// is. `subvolume_name` is checked for its size only: the identity says which name it has to be.
std::string_view value_fault(ValueKind kind, std::span<const std::byte> value);

}  // namespace snapferry::stream
