#pragma once

#include <string>

namespace snapferry {

/// Lines, one after the other with a blank between, without the end of the last. Not escaped.
std::string on_one_line(std::string lines);

}  // namespace snapferry
