#pragma once

#include <cstddef>
#include <string>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Bytes of name and value that a SET_XATTR sets; 0 for any other command. The guard has passed it.
std::size_t xattr_size(const Command& command);

/// "user.colour of 'dir/file'", escaped.
std::string xattr_text(const Command& command);

}  // namespace snapferry::stream
