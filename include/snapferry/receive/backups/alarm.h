#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// Where something arrives.
struct Watched {
    const Tag& tag;
    const Target& target;
    const Config& config;
    const SnapshotName& name;  ///< of what arrives
};

/// Judges what arrives; where it is unusual, and there is no alarm yet, raises one: a note that
/// holds the tag's backups, a warning in the log, and the hook on_alarm. Never throws: the backup
/// itself is good.
void watch_arrival(const Watched& watched, const ArrivalBook& earlier, const Arrival& arrived,
                   std::optional<std::uint64_t> files_before, Log& log);

/// What the alarm of a tag is called among what is noted to be told (sys::AlertNotes).
std::string alarm_key(const Tag& tag);

}  // namespace snapferry::receive
