#pragma once

#include <span>
#include <string>

#include "snapferry/core/alert/standing.h"

namespace snapferry::alert {

/// Several messages as one: a machine whose receiver is away has one trouble for each of its jobs,
/// and a person one mailbox. One alone stays as it is. Not for none (std::logic_error).
Message joined(std::span<const Message> messages, const std::string& machine);

}  // namespace snapferry::alert
