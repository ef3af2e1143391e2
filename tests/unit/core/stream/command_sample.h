#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stream/real_stream.h"
#include "snapferry/core/guard/guard.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/command.h"

namespace snapferry::stream::testing {

inline const Uuid own_uuid = *Uuid::parse("11111111-0000-4000-8000-000000000001");
inline const Uuid parent_uuid = *Uuid::parse("22222222-0000-4000-8000-000000000002");
inline const Uuid foreign_uuid = *Uuid::parse("33333333-0000-4000-8000-000000000003");

Bytes bytes_of(std::string_view text);
Bytes bytes_of(const Uuid& uuid);
Bytes number32(std::uint32_t value);
Bytes number64(std::uint64_t value);
Bytes time(std::uint64_t seconds, std::uint32_t nanoseconds);

/// An extent of that size: an empty frame of zstd, or the start of a zlib stream, and zeros.
Bytes zstd_extent(std::size_t size);
Bytes zlib_extent(std::size_t size);

/// An extent as btrfs compresses it with LZO: a segment of noise for each size, unpacked.
Bytes lzo_extent(const std::vector<std::size_t>& sizes, std::size_t sector);

/// A command as a list of its attributes, to be changed and written.
struct CommandSample {
    CommandType type;
    std::vector<std::pair<AttributeType, Bytes>> attributes;

    [[nodiscard]] bool has(AttributeType attribute) const;

    /// The same with another value of the attribute, or with one more where it had none.
    [[nodiscard]] CommandSample with(AttributeType attribute, const Bytes& value) const;

    /// The same with one more attribute, before the others.
    [[nodiscard]] CommandSample with_first(AttributeType attribute, const Bytes& value) const;

    [[nodiscard]] CommandSample without(AttributeType attribute) const;
};

/// A good command of that kind, with every attribute that it may have: "name" from `own_uuid` and
/// `parent_uuid` of generation 7, "dir/file", extents of 4096 bytes that show 100.
CommandSample sample_of(CommandType type);

/// One of every kind that may come between the first and END, END included, but UPDATE_EXTENT.
std::vector<CommandSample> samples_within();

Bytes command_bytes(const CommandSample& sample, std::uint32_t version);

/// Has the guard check the command. Throws what it throws.
void show(Guard& guard, const CommandSample& sample, std::uint32_t version);

}  // namespace snapferry::stream::testing
