#pragma once

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"

namespace snapferry::receive {

/// Tells the log and the journal where the sender's key did not start this receiver by a forced
/// command: such a key can start anything else as well. Says nothing where that cannot be seen, nor
/// where every key is tied to a command: sshd tells no SSH_ORIGINAL_COMMAND for a client that asked
/// for none. Never throws.
void tell_how_it_was_started(const Tag& tag, Log& log);

}  // namespace snapferry::receive
