#include "snapferry/core/space/disk_use.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/byte_text.h"

namespace snapferry {
namespace {

std::uint64_t less(std::uint64_t from, std::uint64_t what) {
    return from - std::min(from, what);
}

}  // namespace

std::uint64_t next_metadata(const DiskUse& use) {
    // The kernel does it at four fifths (should_alloc_chunk() in Linux fs/btrfs/block-group.c), but
    // sooner where it has promised much to who is at work.
    if (use.metadata_used < use.metadata_total / 2) {
        return 0;
    }
    const auto unallocated = less(use.free, use.data_unused);
    return std::min(use.metadata_chunk * use.metadata_copies, unallocated);
}

std::uint64_t certainly_free(const DiskUse& use) {
    return less(less(use.free, use.placed), next_metadata(use));
}

std::uint64_t free_at_least(const DiskUse& use) {
    return less(certainly_free(use), use.written);
}

std::string shortage_text(const DiskUse& use, const Reserve& reserve, std::uint64_t more) {
    const auto kept = byte_text(reserve.bytes_of(use.total));
    if (const auto metadata = next_metadata(use); metadata > 0) {
        return fmt::format(
            "the backup disk has too little space: {} free, of which metadata takes the next {}, "
            "and {} are kept in reserve",
            byte_text(less(use.free, use.placed)), byte_text(metadata), kept);
    }
    return fmt::format(
        "the backup disk has too little space: {} free, and {} are kept in reserve{}",
        byte_text(less(use.free, use.placed)), kept,
        more == 0 ? "" : "; that is too little for " + byte_text(more) + " more");
}

}  // namespace snapferry
