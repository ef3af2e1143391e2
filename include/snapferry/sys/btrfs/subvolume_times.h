#pragma once

#include <ctime>
#include <optional>

namespace snapferry::btrfs {

/// By the clock of the machine that they happened on.
struct SubvolumeTimes {
    std::timespec created{};   ///< otime
    std::timespec received{};  ///< rtime; zero where it was not received
};

/// Of the subvolume that the descriptor is the root of, by the kernel's own structure: in that of
/// libbtrfsutil a time is as wide as where the library was built, which is not here on every
/// 32-bit machine. Nothing, with errno, where the kernel does not say.
std::optional<SubvolumeTimes> subvolume_times(int subvolume);

}  // namespace snapferry::btrfs
