#pragma once

#include "snapferry/send/job/job.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::send {

inline constexpr auto lock_directory = "/run/snapferry";

/// Held while a job runs, so that a daemon and a run by hand do not do the same work twice. Throws
/// Failure (busy) where another run of the same job is at work.
sys::FileLock lock_job(const Job& job);

/// The same for making its manifests, which goes on while other runs of the job send.
sys::FileLock lock_manifests(const Job& job);

}  // namespace snapferry::send
