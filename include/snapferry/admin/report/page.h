#pragma once

#include <string>
#include <vector>

#include "snapferry/admin/report/series.h"
#include "snapferry/core/report/backup_list.h"
#include "snapferry/core/status/verdict.h"

namespace snapferry::admin {

/// What a report tells of.
struct Report {
    Standing standing{};
    std::vector<JobReport> jobs{};  ///< those of `standing`, with their runs
    std::vector<ListedTag> tags{};  ///< the backups that are on this machine's own disk
    bool is_kept_up = false;        ///< written anew all the time: it reloads itself
};

/// One page of HTML that needs nothing from elsewhere. Everything from outside is escaped in it.
std::string report_page(const Report& report, WallTime now);

}  // namespace snapferry::admin
