#pragma once

#include "snapferry/core/stream/command.h"

/// What the commands that fill files say of offsets and lengths, beyond each value by itself. To be
/// called with a command whose attributes fit its rule; each throws Refused.
namespace snapferry::stream {

void check_write(const Command& command);

/// Offsets only: whose extents they are is the guard's to check.
void check_clone_range(const Command& command);

void check_fallocate(const Command& command);

/// `btrfs receive` decompresses the data itself where the filesystem cannot take it as it is, into
/// memory of `unencoded_len` bytes, and copies from `unencoded_offset` there: it checks neither.
void check_encoded_write(const Command& command);

}  // namespace snapferry::stream
