#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "snapferry/core/proof/book.h"
#include "snapferry/receive/backups/tag_view.h"

namespace snapferry::restore {

struct DrillWish {
    std::size_t files = 20;
    std::uint64_t bytes = std::uint64_t{256} << 20;  ///< of all files together
    std::filesystem::path to;                        ///< where scratch space is made, and removed
};

/// Gets a random sample of files back from the newest backup that has a manifest, in the way a
/// person's restore does, into a directory of its own; compares them with what the NAS had, and
/// removes them. `when` of the result is left to the caller. What keeps it from being done is what
/// the result says: throws only Failure (interrupted), where `stop_if_asked` does.
proof::Drill drill(const receive::Config& config, const receive::TagView& view,
                   const DrillWish& wish, const std::function<void()>& stop_if_asked);

}  // namespace snapferry::restore
