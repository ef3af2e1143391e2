#include "snapferry/receive/space.h"

#include <fmt/format.h>

#include "snapferry/core/byte_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::receive {

void require_space(const std::filesystem::path& on_the_disk, const Reserve& reserve,
                   std::uint64_t more) {
    const auto space = btrfs::space_of(on_the_disk);
    const auto kept_free = reserve.bytes_of(space.total);
    if (space.free < kept_free || space.free - kept_free < more) {
        throw Failure(ExitCode::no_space,
                      fmt::format("the backup disk has {} free, and {} are kept in reserve{}",
                                  byte_text(space.free), byte_text(kept_free),
                                  more == 0 ? "" : ": too little for " + byte_text(more) + " more"),
                      "make room there, keep fewer snapshots, or lower reserve in receive.toml");
    }
}

}  // namespace snapferry::receive
