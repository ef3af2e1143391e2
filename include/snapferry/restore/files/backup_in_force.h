#pragma once

#include <optional>
#include <string>

#include "snapferry/receive/backups/tag_view.h"

namespace snapferry::restore {

/// A backup that a person has meant, and when it was taken: the time in its name, or else that of
/// its arrival.
struct MeantBackup {
    Backup backup;
    std::chrono::sys_seconds taken;
};

/// The backup that was in force: `at` is a name, or a time as parse_when() takes it, and then the
/// newest that was taken by then; where it is empty, the newest to arrive. Throws Failure
/// (configuration) where there is none.
MeantBackup backup_in_force(const receive::TagView& view, const std::string& at,
                            std::chrono::sys_seconds now);

}  // namespace snapferry::restore
