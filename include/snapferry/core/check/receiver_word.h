#pragma once

#include <vector>

#include "snapferry/core/check/check.h"

namespace snapferry {

/// What a receiver says of itself to whoever sends to it, as its own check would judge it. At the
/// sender it is another machine's word: bounded, and escaped.
struct ReceiverWord {
    std::vector<Finding> disk{};  ///< of the backup disk: space, devices, scrubs
    std::vector<Finding> tag{};   ///< of this tag: an alarm, what is held

    friend bool operator==(const ReceiverWord&, const ReceiverWord&) = default;
};

}  // namespace snapferry
