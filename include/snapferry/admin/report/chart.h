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

/// How a chart is drawn.
struct ChartForm {
    std::string label{};
    TimeRange range{};
    std::size_t told = 40;  ///< so many of the last points say what they are when pointed at
};

/// Marks in a row, over time.
std::string timeline_svg(const ChartForm& form, const std::vector<ChartPoint>& points);

/// How values are shown beside a chart.
struct ChartUnit {
    std::span<const double> steps;  ///< see value_scale
    std::function<std::string(double)> text_of;
};

/// Stems over time; of those that fall into one place, the highest.
std::string stems_svg(const ChartForm& form, const std::vector<ChartPoint>& points,
                      const ChartUnit& unit);

/// A line through them, over time.
std::string line_svg(const ChartForm& form, const std::vector<ChartPoint>& points,
                     const ChartUnit& unit);

}  // namespace snapferry::admin
