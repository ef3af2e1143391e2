#pragma once

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Throws Refused unless the command has the attributes of its rule and no other, each with a value
/// of its kind. The command's type is_known().
void check_attributes(const Command& command);

}  // namespace snapferry::stream
