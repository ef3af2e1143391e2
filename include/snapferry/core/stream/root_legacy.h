#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Extended attributes by their names.
using Xattrs = std::map<std::string, std::vector<std::byte>, std::less<>>;

/// What the root of a snapshot would hand on to each file that is made in it: its default ACL and
/// its compression. The kernel's stream makes every file in the root first, whatever directory it
/// is to lie in, and does not expect that it inherits anything there. So a segment lays that aside
/// at its beginning, and puts it back at its end.
class RootLegacy {
  public:
    /// The names of the attributes that are handed on.
    static const std::vector<std::string>& names();

    /// The segment builds on a root that has these. Appends the commands that take them away.
    void lay_aside(Xattrs present, std::vector<std::byte>& out);

    /// True for a command about one of them: it is remembered, and not to be handed on. (The guard
    /// has passed it.)
    bool takes(const Command& command);

    /// Appends the commands that set what the root has by now.
    void put_back(std::vector<std::byte>& out) const;

  private:
    Xattrs laid_aside_;
};

}  // namespace snapferry::stream
