#pragma once

#include <cstdint>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/line.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// Sends a plain btrfs stream to a receiver's stdin, as `btrfs send | ssh` does, and passes on what
/// it prints, and keeps `progress` true. Returns the bytes sent, all of which were taken. Throws
/// Failure where anything speaks against that (see judge_raw_end); exit code no_parent where the
/// receiver does not have the stream's parent.
std::uint64_t send_raw_stream(Line& line, const Tag& tag, const btrfs::SendRequest& request,
                              JobProgress& progress, Log& log);

}  // namespace snapferry::send
