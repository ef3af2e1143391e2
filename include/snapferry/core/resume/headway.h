#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace snapferry {

/// Whether tries that all fail get further nevertheless: by what the receiver held of a snapshot
/// when each began to send it. A line that breaks once an hour carries any snapshot that way, while
/// bytes that were sent and lost count for nothing.
class Headway {
  public:
    /// A try has failed that began to send `snapshot` (empty: none) at this offset of its stream.
    /// True where that is further than any before it came.
    bool gets_further(const std::string& snapshot, std::uint64_t began_at);

  private:
    std::map<std::string, std::uint64_t> furthest_;  ///< by snapshot
};

}  // namespace snapferry
