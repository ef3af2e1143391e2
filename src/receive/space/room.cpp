#include "snapferry/receive/space/room.h"

#include <algorithm>

#include "snapferry/sys/btrfs/space_gauge.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {

Failure shortage(const DiskUse& use, const Reserve& reserve, std::uint64_t more) {
    return {ExitCode::no_space, shortage_text(use, reserve, more),
            "make room there, keep fewer snapshots, or lower reserve in receive.toml"};
}

void require_space(const std::filesystem::path& on_the_disk, const Reserve& reserve) {
    const btrfs::SpaceGauge gauge(on_the_disk);
    const auto kept_free = [&](const DiskUse& use) { return reserve.bytes_of(use.total); };
    auto use = gauge.read();
    if (free_at_least(use) < kept_free(use)) {
        btrfs::commit_transaction(on_the_disk);
        use = gauge.read();
    }
    if (certainly_free(use) < kept_free(use)) {
        throw shortage(use, reserve);
    }
}

std::uint64_t room_of(const std::filesystem::path& on_the_disk, const Reserve& reserve) {
    const auto use = btrfs::SpaceGauge(on_the_disk).read();
    const auto free = certainly_free(use);
    return free - std::min(free, reserve.bytes_of(use.total));
}

}  // namespace snapferry::receive
