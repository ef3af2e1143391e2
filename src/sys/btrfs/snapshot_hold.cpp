#include "snapferry/sys/btrfs/snapshot_hold.h"

#include <poll.h>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/pipe.h"

namespace snapferry::btrfs {
namespace {

/// Little, should it ever be let go on.
SendRequest outline_of(const std::filesystem::path& snapshot) {
    return {snapshot, {}, stream::Form::v1, true};
}

}  // namespace

SnapshotHold::SnapshotHold(const std::filesystem::path& snapshot)
    : send_(outline_of(snapshot), sys::Pipe::make_for_one_write()) {}

bool SnapshotHold::is_held() {
    pollfd waiting{descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, 0) <= 0) {
        return false;
    }
    if ((waiting.revents & POLLHUP) != 0) {
        send_.finish();
        throw Failure(ExitCode::sending, "the kernel sends less of a snapshot than there is");
    }
    return true;
}

}  // namespace snapferry::btrfs
