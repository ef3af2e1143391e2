#include "snapferry/send/memory/last_arrival.h"

#include <algorithm>

#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/memory/left_by_others.h"
#include "snapferry/send/memory/sender_memory.h"

namespace snapferry::send {

std::optional<WallTime> last_arrival_taken(const Job& job, Log& log) {
    const auto identity = identity_of(job);
    const SenderMemory memory(job.snapshot_dir, identity, log);
    if (const auto last = memory.newest_arrived()) {
        return last->taken;
    }
    // An earlier version, or a classic script, has noted the name alone.
    const auto* const last = last_arrived(memory.sent());
    const auto name =
        last != nullptr ? last->name : noted_by_a_classic_script(job.snapshot_dir, job.source_tag);
    auto local = list_snapshots(job.snapshot_dir);
    Pins pins(sender_home(job.snapshot_dir), identity.file_name(), log);
    for (const auto& former : memory.former_names()) {
        pins.look_also_in(former);
    }
    const auto pinned = pins.list();
    local.insert(local.end(), pinned.begin(), pinned.end());
    const auto found = std::find_if(local.begin(), local.end(), [&](const LocalSnapshot& one) {
        return one.name.text() == name;
    });
    return found == local.end() ? std::nullopt : std::optional<WallTime>(found->taken);
}

}  // namespace snapferry::send
