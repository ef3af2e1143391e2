#pragma once

#include <cstdint>
#include <filesystem>

#include "snapferry/core/reserve.h"

namespace snapferry::receive {

/// Throws Failure (no_space) where the backup disk has less free than the reserve. What the kernel
/// has not written out yet is not counted, so that a receive may go a little below.
/// `more`: bytes that are about to be taken.
void require_space(const std::filesystem::path& on_the_disk, const Reserve& reserve,
                   std::uint64_t more = 0);

}  // namespace snapferry::receive
