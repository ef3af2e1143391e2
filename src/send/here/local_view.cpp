#include "snapferry/send/here/local_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/left_out.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::send {

/// What was written into a snapshot just before it became read-only may not be in any transaction
/// yet, and then it would seem to change later. Where the filesystem is read-only, nothing is to
/// come.
void LocalView::settle() const {
    try {
        btrfs::commit_transaction(job_.snapshot_dir);
    } catch (const Failure& failure) {
        log_.debug("{}", failure.what());
    }
}

void LocalView::look() {
    settle();
    local_ = list_snapshots(job_.snapshot_dir, log_);
    look_for_changes(local_);
    const auto pins = pins_.list();
    local_.insert(local_.end(), pins.begin(), pins.end());
    take_times_of_originals();
    newest_ = newest_with_tag(local_, job_.source_tag);
    if (!newest_) {
        require_that_names_can_be_sent(job_, {});
        throw Failure(ExitCode::bad_tag,
                      fmt::format("no read-only snapshot in {} ends in @{}",
                                  escape_text(job_.snapshot_dir.native()), job_.source_tag),
                      "check the tag, and that snapshots are still being made");
    }
}

/// A copy is younger than what it is of.
void LocalView::take_times_of_originals() {
    for (auto& pin : local_) {
        const auto original = std::find_if(local_.begin(), local_.end(), [&](const auto& one) {
            return pin.pinned && !one.pinned && one.own == pin.origin;
        });
        if (original != local_.end()) {
            pin.taken = original->taken;
        }
    }
}

void LocalView::identify(const std::vector<SentSnapshot>& sent,
                         const std::vector<RemoteSnapshot>& remote) {
    for (const auto& line : snapferry::identify(local_, sent, remote)) {
        if (told_.insert(line).second) {
            log_.warning("{}", line);
        }
    }
    newest_ = newest_with_tag(local_, job_.source_tag);
}

std::set<Uuid> LocalView::uuids() const {
    std::set<Uuid> uuids;
    for (const auto& snapshot : local_) {
        if (!snapshot.pinned) {
            uuids.insert(snapshot.uuid);
        }
    }
    return uuids;
}

}  // namespace snapferry::send
