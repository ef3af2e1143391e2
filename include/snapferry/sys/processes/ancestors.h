#pragma once

#include <vector>

#include "snapferry/core/access/start.h"

namespace snapferry::sys {

/// What the environments that this process and those above it were started with say of ssh, from
/// this one up. Ends where one cannot be read: nothing fails for that.
std::vector<SshVariables> ssh_variables_from_here_up();

}  // namespace snapferry::sys
