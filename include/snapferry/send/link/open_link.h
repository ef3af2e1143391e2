#pragma once

#include <memory>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/link/receiver_channel.h"

namespace snapferry::send {

/// One run of the line's receiver, over SSH or on this machine, which has been greeted: see
/// ReceiverLink and LocalLink, and what they throw.
std::unique_ptr<ReceiverChannel> open_link(Line& line, const Tag& tag, Log& log);

}  // namespace snapferry::send
