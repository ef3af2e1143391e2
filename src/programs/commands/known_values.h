#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"

namespace snapferry::commands {

/// What a value of a command line may be on this machine, for a shell that completes it: TAG, NAME
/// (a backup of the tag before it), JOB, USER@HOST, the WHAT of rotate. None where the
/// configuration cannot be read.
std::vector<std::string> known_values(std::string_view what, std::span<const std::string> before,
                                      const Shared& shared);

}  // namespace snapferry::commands
