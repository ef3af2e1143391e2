#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "snapferry/sys/btrfs/durability.h"
#include "snapferry/sys/tree/writing/destination.h"

namespace snapferry::restore {

/// Throws Failure (no_space) where less than so many bytes are free where `to` is, or is to be.
void require_room(const std::filesystem::path& to, std::uint64_t bytes);

/// What is there, of `to` or above it, without symlinks.
std::filesystem::path nearest(const std::filesystem::path& to);

/// What vouches for a disk that is written to; nothing where only a sync can.
std::optional<btrfs::Durability> durability_of(const sys::Destination& destination);

}  // namespace snapferry::restore
