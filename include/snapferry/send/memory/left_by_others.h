#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/names/job_identity.h"

/// What lies beside a job's memory, and whose it is.
namespace snapferry::send {

/// An earlier version, which knew jobs by their destination's tag alone, has sent to no other
/// receiver under this one: what it left under that name is this job's alone. False where nothing
/// tells.
bool was_alone_under_its_tag(const std::filesystem::path& home, const JobIdentity& job);

/// The name in last_sent_@TAG.txt, where no job has written it there as a mirror of what it
/// remembers itself: then a classic script has, or an earlier version of this. Empty else.
std::string noted_by_a_classic_script(const std::filesystem::path& snapshot_dir,
                                      const std::string& source_tag);

}  // namespace snapferry::send
