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
    if (is_held_) {
        return true;
    }
    pollfd waiting{descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, 0) <= 0) {
        return false;
    }
    if ((waiting.revents & POLLIN) == 0) {  // it has ended, and written nothing
        send_.finish();
        throw Failure(ExitCode::sending, "the kernel sends nothing of a snapshot");
    }
    is_held_ = true;
    return true;
}

}  // namespace snapferry::btrfs
