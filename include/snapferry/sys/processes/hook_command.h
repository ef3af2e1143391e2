#pragma once

#include <string>
#include <vector>

#include "snapferry/sys/processes/process.h"

namespace snapferry::sys {

/// A program that a person has configured: `words` are its path and its arguments, of which there
/// is the path at least.
Command hook_command(const std::vector<std::string>& words, std::vector<std::string> environment);

}  // namespace snapferry::sys
