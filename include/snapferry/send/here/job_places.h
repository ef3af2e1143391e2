#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/names/job_identity.h"

/// What the sender keeps beside the snapshots, in SNAPSHOT_DIR/.snapferry. Each job has its own, by
/// its whole identity: NAME is JobIdentity::file_name(). An earlier version knew a job by its
/// destination's tag alone, which several jobs may share: there NAME is that tag.
namespace snapferry::send {

/// SNAPSHOT_DIR/.snapferry
std::filesystem::path sender_home(const std::filesystem::path& snapshot_dir);

/// SNAPSHOT_DIR/.snapferry/NAME: see Pins.
std::filesystem::path pins_place(const std::filesystem::path& home, const std::string& name);

/// SNAPSHOT_DIR/.snapferry/NAME.memory.json: see SenderMemory.
std::filesystem::path memory_file(const std::filesystem::path& home, const std::string& name);

/// SNAPSHOT_DIR/.snapferry/NAME.digests: see DigestMemory.
std::filesystem::path digests_file(const std::filesystem::path& home, const std::string& name);

/// SNAPSHOT_DIR/.snapferry/NAME.unused: see leave_to_others().
std::filesystem::path unused_note(const std::filesystem::path& home, const std::string& name);

}  // namespace snapferry::send
