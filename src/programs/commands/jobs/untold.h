#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"

namespace snapferry::commands {

/// A warning where mails wait that the server did not take the last time, of one side of this
/// machine ("send" or "receive").
std::vector<Finding> untold(const std::filesystem::path& state_dir, const std::string& side);

}  // namespace snapferry::commands
