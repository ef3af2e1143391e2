#pragma once

#include <cstddef>
#include <span>

namespace snapferry::sys {

/// Fills it with what nobody can foresee, from the kernel. At most 256 bytes.
void fill_at_random(std::span<std::byte> bytes);

}  // namespace snapferry::sys
