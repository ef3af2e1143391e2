#pragma once

#include <filesystem>
#include <vector>

namespace snapferry::btrfs {

/// The subvolumes that lie below the top of a mounted subvolume, as paths from there, in no order;
/// at most some ten thousand. Nothing where `mount_point` is no subvolume's top. Looks into no
/// directory. Throws Failure (sending).
std::vector<std::filesystem::path> subvolumes_below(const std::filesystem::path& mount_point);

}  // namespace snapferry::btrfs
