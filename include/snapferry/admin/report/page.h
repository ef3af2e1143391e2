#pragma once

#include <string>
#include <vector>

#include "snapferry/admin/report/series.h"

namespace snapferry::admin {

/// The whole report: one page of HTML that needs nothing from elsewhere. Everything from outside
/// is escaped in it.
std::string report_page(const std::vector<JobReport>& jobs, WallTime now);

}  // namespace snapferry::admin
