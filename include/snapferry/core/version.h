#pragma once

#include <string>

namespace snapferry {

/// What all programs say that they are, to a person and to the other side: "snapferry 1.2.3".
std::string name_and_version();

}  // namespace snapferry
