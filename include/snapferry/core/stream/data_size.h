#pragma once

#include <cstdint>

#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// Bytes that this command of a stream without data (`send --no-data`) stands for in the one with
/// data: its own, and for an extent the data that it names with the headers around it. Where
/// extents travel compressed, they are fewer.
std::uint64_t size_with_data(const Command& command);

/// Bytes of data that the command names and that take as much of a disk, at least: small extents
/// may lie among the metadata, and count as nothing.
std::uint64_t data_named_by(const Command& command);

/// True where the command gives a file the property of being stored compressed.
bool asks_for_compression(const Command& command);

}  // namespace snapferry::stream
