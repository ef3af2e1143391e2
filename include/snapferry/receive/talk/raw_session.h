#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/talk/opening.h"

namespace snapferry::receive {

/// A stream without frames, as the classic script sends it, and `btrfs send | ssh`: to its end, and
/// then the tag is pruned. The opening is its beginning, and has been read. Throws Failure.
void receive_raw(const Tag& tag, const Config& config, int input, const Opening& opening, Log& log);

}  // namespace snapferry::receive
