#pragma once

#include <string>
#include <vector>

namespace snapferry {

/// What a person is told of the subvolumes that lie in what is sent, and are not in the backup; one
/// line, empty where there are none. `paths` as they are on the disk.
std::string nested_text(const std::vector<std::string>& paths);

}  // namespace snapferry
