#pragma once

#include <optional>

#include "snapferry/send/job/job.h"
#include "snapferry/sys/config/config_file.h"

namespace snapferry::send {

/// A receiver with `local = true`; nothing for one that is reached over SSH. Complaints are
/// Failures that name file, line and key.
std::optional<Receiver> read_local_receiver(const sys::ConfigTable& table);

/// What a job cannot have whose receiver is local: it complains.
void require_nothing_of_ssh(const sys::ConfigTable& job);

}  // namespace snapferry::send
