#pragma once

#include <string>

#include "snapferry/core/check/receiver_word.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// What the sender is told of this machine's disk, as `snapferry check` judges it here, and of the
/// tag: `held`, why nothing of it is pruned (empty where it is). What cannot be looked at is said,
/// and throws nothing. Reads what the kernel and btrfs-progs have counted: microseconds.
ReceiverWord own_word(const Config& config, const std::string& held);

}  // namespace snapferry::receive
