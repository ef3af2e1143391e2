#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snapferry/admin/report/scale.h"
#include "snapferry/core/report/run_report.h"

namespace snapferry::admin {

/// Something at a moment, with a height where the chart has one.
struct ChartPoint {
    WallTime at{};
    double value = 0;  ///< in the unit of the chart; 0 where there is none
    std::string kind;  ///< the class in the page's style: "good", "bad" or "gone"
    std::string said;  ///< shown when pointed at; escaped by the chart
};

/// Marks in a row, over time.
std::string timeline_svg(const std::string& label, const std::vector<ChartPoint>& points,
                         const TimeRange& range);

/// Stems over time. `steps`: see value_scale; `text_of`: what stands beside a value's tick.
std::string stems_svg(const std::string& label, const std::vector<ChartPoint>& points,
                      const TimeRange& range, std::span<const double> steps,
                      const std::function<std::string(double)>& text_of);

}  // namespace snapferry::admin
