#pragma once

#include <string>
#include <vector>

#include "snapferry/admin/status/status.h"
#include "snapferry/admin/text_table.h"

namespace snapferry::admin {

/// The tables of a status, as much of them as the screen has room for.
std::string jobs_table(const std::vector<JobState>& jobs, WallTime now, const sys::Screen& screen);
std::string tags_table(const std::vector<TagStatus>& tags, WallTime now, const sys::Screen& screen);
std::string rotations_table(const std::vector<RotationStanding>& rotations, WallTime now,
                            const sys::Screen& screen);

}  // namespace snapferry::admin
