#pragma once

#include <cstdint>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Bytes that this command of a stream without data (`send --no-data`) stands for in the one with
/// data: its own, and for an extent the data that it names with the headers around it. Where
/// extents travel compressed, they are fewer.
std::uint64_t size_with_data(const Command& command);

}  // namespace snapferry::stream
