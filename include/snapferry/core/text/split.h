#pragma once

#include <string_view>
#include <vector>

namespace snapferry {

/// The parts of the text between separators, empty ones too; at least one. Views of `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace snapferry
