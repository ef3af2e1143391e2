#pragma once

#include <cstdint>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/send/job/job.h"

namespace snapferry::commands {

/// Logs in with the job's own key, has the receiver answer, and says what would be sent, how much
/// that is about, and how long it takes where the line's rate (bytes a second) is known. What it
/// failed with, which was told; nothing where all is well.
std::optional<Failure> dry_run_of(const send::Job& job, std::optional<std::uint64_t> rate);

}  // namespace snapferry::commands
