#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace snapferry::sys {

/// Told of bytes as they are copied, shared ones too.
using WhenCopied = std::function<void(std::uint64_t bytes)>;

/// Copies the contents of an open file, of this size, into an empty one. On the same filesystem
/// nothing is copied: both share their data (FICLONE). Elsewhere holes stay holes. Throws Failure:
/// sending where the source cannot be read or is shorter, else what failure_at() makes.
void copy_contents(int from, const std::string& from_shown, std::uint64_t size, int to,
                   const std::string& to_shown, const WhenCopied& when_copied);

using TakeData = std::function<void(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// Reads the contents of an open file, of this size, but for its holes. Throws Failure: sending
/// where it cannot be read or is shorter, or what `take` throws.
void read_contents(int from, const std::string& shown, std::uint64_t size, const TakeData& take);

/// Writes all of it at this place of a file. Throws what failure_at() makes.
void write_at(int file, std::uint64_t offset, std::span<const std::byte> bytes,
              const std::string& shown);

/// Makes an empty file this long, all of it hole. Throws what failure_at() makes.
void make_hole(int file, std::uint64_t size, const std::string& shown);

}  // namespace snapferry::sys
