#include "snapferry/receive/space/room.h"

#include <algorithm>

#include "snapferry/sys/btrfs/space_gauge.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {

Failure shortage(const DiskUse& use, const Reserve& reserve, std::uint64_t more) {
    return {ExitCode::no_space, shortage_text(use, reserve, more),
            "make room there, keep fewer snapshots, or lower reserve in receive.toml"};
}

namespace {

/// As well as it can be known: what is not placed yet is written out where that alone would be too
/// much.
DiskUse settled_use(const btrfs::SpaceGauge& gauge, const std::filesystem::path& on_the_disk,
                    const Reserve& reserve) {
    auto use = gauge.read();
    if (free_at_least(use) < reserve.bytes_of(use.total)) {
        btrfs::commit_transaction(on_the_disk);
        use = gauge.read();
    }
    return use;
}

}  // namespace

bool has_space(const std::filesystem::path& on_the_disk, const Reserve& reserve) {
    const auto use = settled_use(btrfs::SpaceGauge(on_the_disk), on_the_disk, reserve);
    return certainly_free(use) >= reserve.bytes_of(use.total);
}

void require_space(const std::filesystem::path& on_the_disk, const Reserve& reserve) {
    const auto use = settled_use(btrfs::SpaceGauge(on_the_disk), on_the_disk, reserve);
    if (certainly_free(use) < reserve.bytes_of(use.total)) {
        throw shortage(use, reserve);
    }
}

std::uint64_t room_of(const std::filesystem::path& on_the_disk, const Reserve& reserve) {
    const auto use = btrfs::SpaceGauge(on_the_disk).read();
    const auto free = certainly_free(use);
    return free - std::min(free, reserve.bytes_of(use.total));
}

}  // namespace snapferry::receive
