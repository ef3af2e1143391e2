#pragma once

#include <cstdint>
#include <filesystem>

#include "snapferry/core/failure.h"
#include "snapferry/core/space/disk_use.h"

namespace snapferry::receive {

/// The refusal (no_space) of what would take the disk below its reserve.
Failure shortage(const DiskUse& use, const Reserve& reserve, std::uint64_t more = 0);

/// False where the backup disk has less free than the reserve, also after what is on its way to the
/// disk has got there.
bool has_space(const std::filesystem::path& on_the_disk, const Reserve& reserve);

/// Throws Failure (no_space) where it has not.
void require_space(const std::filesystem::path& on_the_disk, const Reserve& reserve);

/// bytes that can be taken before the disk is at its reserve.
std::uint64_t room_of(const std::filesystem::path& on_the_disk, const Reserve& reserve);

}  // namespace snapferry::receive
