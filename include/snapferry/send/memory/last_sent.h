#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/names/snapshot_name.h"

namespace snapferry::send {

/// `last_sent_@TAG.txt` beside the snapshots: one line with the name of the last snapshot sent, as
/// the classic script keeps it, so that one can change from one to the other.
std::filesystem::path last_sent_file(const std::filesystem::path& snapshot_dir,
                                     const std::string& source_tag);

/// The name in the file (the last part of a path, should it hold one); empty where there is none.
std::string read_last_sent(const std::filesystem::path& file);

/// Replaces the file, where it says anything else.
void write_last_sent(const std::filesystem::path& file, const SnapshotName& name);

}  // namespace snapferry::send
