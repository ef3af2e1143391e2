#pragma once

#include <filesystem>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/send/job/job.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::send {

inline constexpr auto lock_directory = "/run/snapferry";

/// Held while a job runs, so that a daemon and a run by hand do not do the same work twice. Throws
/// Failure (busy) where another run of the same job is at work.
sys::FileLock lock_job(const Job& job);

/// Where that lock is, and where the run that holds it tells how far it is.
std::filesystem::path lock_file_of(const JobIdentity& job);
std::filesystem::path progress_file_of(const JobIdentity& job);

/// The same for making its manifests, which goes on while other runs of the job send.
sys::FileLock lock_manifests(const Job& job);

}  // namespace snapferry::send
