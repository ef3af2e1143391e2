#pragma once

#include <functional>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// Does `work` between before_receive and after_receive of receive.toml. Where the first fails, its
/// Failure is thrown and nothing else is done. The second runs whatever comes of the work, when all
/// that the work had open is closed; its failure is a warning in the log.
///
/// Of all receivers on this machine one hook runs at a time, and each is told how many others are
/// at work: so the last one can take the disk away, and knows that nobody comes meanwhile.
void between_hooks(const Tag& tag, const Config& config, Log& log,
                   const std::function<void()>& work);

}  // namespace snapferry::receive
