#include "snapferry/send/here/allowed_age_of.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::send {
namespace {

using std::chrono::sys_seconds;

/// By their names alone: to look at each would cost more than this is worth.
std::vector<sys_seconds> named_here(const JobIdentity& job) {
    std::vector<sys_seconds> times;
    if (job.snapshot_dir.empty()) {
        return times;
    }
    try {
        for (const auto& entry : sys::entries_of(job.snapshot_dir, ExitCode::directory_missing)) {
            const auto name = SnapshotName::parse(entry.name);
            const auto time = name && name->has_tag(job.source_tag)
                                  ? named_time(entry.name, sys_seconds{})
                                  : std::nullopt;
            if (time) {
                times.push_back(*time);
            }
        }
    } catch (const std::exception&) {
        times.clear();  // a directory that is not there tells nothing
    }
    return times;
}

}  // namespace

AllowedAge allowed_age_of(const JobIdentity& job,
                          const std::optional<std::chrono::seconds>& max_age,
                          const std::vector<WallTime>& taken) {
    AgeEvidence evidence;
    evidence.configured = max_age;
    std::transform(taken.begin(), taken.end(), std::back_inserter(evidence.arrived),
                   [](WallTime time) { return std::chrono::floor<std::chrono::seconds>(time); });
    if (!max_age && !tells_how_often(evidence.arrived)) {
        evidence.made = named_here(job);
    }
    return allowed_age(evidence);
}

}  // namespace snapferry::send
