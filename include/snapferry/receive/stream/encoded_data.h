#pragma once

#include <filesystem>
#include <string>

#include "snapferry/core/encoded/encoded_ranges.h"

namespace snapferry::receive {

/// The first file of the subvolume in which compressed data that was written, and synced since, is
/// not there; empty where all is. Escaped. The kernel loses such data without a word where the
/// device fails a write with anything but an I/O error: a full device beneath, say, or a defective
/// sector. Nothing of the data itself is read.
std::string file_without_its_data(const std::filesystem::path& subvolume,
                                  const stream::EncodedRanges& written);

}  // namespace snapferry::receive
