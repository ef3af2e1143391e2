#pragma once

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "snapferry/core/log/log.h"

/// What jobs that are no more have left beside the snapshots: pins hold space for ever, and a job
/// that was renamed does not come back for them.
namespace snapferry::send {

/// These names are in use: what others have counted against them begins anew.
void note_use(const std::filesystem::path& home, const std::set<std::string>& names);

/// Counts a day against every other name there, and removes what it has where nobody has used it
/// on most_days_of_disuse days; see core/plan/disuse.h. Names that are `done` with, because all
/// that used them have their own now, go at once. Whatever goes wrong is a warning.
void collect_abandoned(const std::filesystem::path& home, const std::set<std::string>& in_use,
                       const std::set<std::string>& done, std::chrono::sys_days today, Log& log);

}  // namespace snapferry::send
