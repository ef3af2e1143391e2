#pragma once

#include <string>

#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// Throws Failure (sending) where a read-only snapshot of the job's tag, later in byte order than
/// `newest`, has a name that cannot be sent: then what is newest is not what is sent. Hidden ones
/// are meant to be passed over. `newest` is empty where there is none.
void require_that_names_can_be_sent(const Job& job, const std::string& newest);

}  // namespace snapferry::send
