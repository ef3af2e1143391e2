#pragma once

#include <chrono>
#include <string>

namespace snapferry {

/// A duration in one unit, as one would say it: "5 days", "3 h", "20 min", "40 s". Never more than
/// it is.
std::string rough_duration(std::chrono::seconds duration);

}  // namespace snapferry
