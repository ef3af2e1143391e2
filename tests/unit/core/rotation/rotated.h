#pragma once

#include <chrono>
#include <string>

#include "numbered_uuid.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/time/name_time.h"

/// Snapshots of a rotation, for its tests.
namespace snapferry::testing {

inline std::chrono::sys_seconds at(const std::string& time) {
    return time_in_name(time).value();
}

/// Central European Time: an hour ahead, two from 2021-03-28T01:00Z to 2021-10-31T01:00Z.
inline std::chrono::seconds in_europe(std::chrono::sys_seconds moment) {
    using std::chrono::hours;
    return moment >= at("2021-03-28T01:00:00+00:00") && moment < at("2021-10-31T01:00:00+00:00")
               ? hours(2)
               : hours(1);
}

inline const Uuid home = uuid(1000);

/// Of the subvolume `home`; the number says in which order they were made.
inline LocalSnapshot rotated(const std::string& name, unsigned number,
                             std::chrono::sys_seconds taken) {
    LocalSnapshot snapshot{SnapshotName::parse(name).value(), uuid(number), uuid(number), home};
    snapshot.number = number;
    snapshot.taken = taken;
    snapshot.named = time_in_name(name, in_europe, taken);
    snapshot.path = "/snapshots/" + name;
    return snapshot;
}

}  // namespace snapferry::testing
