#include "snapferry/admin/report/chart.h"

#include <fmt/format.h>

#include "snapferry/admin/report/html.h"

namespace snapferry::admin {
namespace {

// In units of the picture, which the page stretches to its width.
constexpr double width = 760;
constexpr double left = 74;
constexpr double right = width - 36;  // half a label of the time fits behind it
constexpr double top = 12;
constexpr double below = 24;  // for the ticks' labels

/// The plane that a chart draws on: where moments and heights lie.
struct Plane {
    TimeRange range;
    double height;

    [[nodiscard]] double bottom() const { return height - below; }
    [[nodiscard]] double x(WallTime at) const { return left + range.share(at) * (right - left); }
    [[nodiscard]] double y(double share) const { return bottom() - share * (bottom() - top); }
};

std::string opening(const std::string& label, const Plane& plane) {
    return fmt::format(
        "<div class=\"chart\"><svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n"
        "<line class=\"axis\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
        width, plane.height, html_text(label), left, right, plane.bottom(), plane.bottom());
}

std::string time_axis(const Plane& plane) {
    std::string svg;
    for (const auto& tick : time_ticks(plane.range)) {
        const double x = plane.x(tick.at);
        svg += fmt::format(
            "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" "
            "y2=\"{2:.1f}\"/><text x=\"{0:.1f}\" y=\"{3:.1f}\" "
            "text-anchor=\"middle\">{4}</text>\n",
            x, plane.bottom(), plane.bottom() + 4, plane.height - 6, tick.label);
    }
    return svg;
}

std::string value_axis(const Plane& plane, const ValueScale& scale,
                       const std::function<std::string(double)>& text_of) {
    std::string svg;
    for (const double tick : scale.ticks) {
        const double y = plane.y(scale.share(tick));
        svg += fmt::format(
            "<line class=\"grid\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" "
            "y2=\"{:.1f}\"/><text x=\"{:.0f}\" y=\"{:.1f}\" "
            "text-anchor=\"end\">{}</text>\n",
            left, right, y, y, left - 6, y + 4, html_text(text_of(tick)));
    }
    return svg;
}

/// Where there are hundreds, small ones can still be told apart.
double radius_of(const std::vector<ChartPoint>& points) {
    constexpr std::size_t many = 120;
    return points.size() > many ? 2 : 4;
}

std::string mark(const ChartPoint& point, double x, double y, double radius) {
    return fmt::format(
        "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" "
        "r=\"{:.0f}\"><title>{}</title></circle>\n",
        point.kind, x, y, radius, html_text(point.said));
}

}  // namespace

std::string timeline_svg(const std::string& label, const std::vector<ChartPoint>& points,
                         const TimeRange& range) {
    const Plane plane{range, 62};
    auto svg = opening(label, plane) + time_axis(plane);
    for (const auto& point : points) {
        svg += mark(point, plane.x(point.at), plane.y(0.5), radius_of(points));
    }
    return svg + "</svg></div>\n";
}

std::string stems_svg(const std::string& label, const std::vector<ChartPoint>& points,
                      const TimeRange& range, std::span<const double> steps,
                      const std::function<std::string(double)>& text_of) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const auto& point : points) {
        values.push_back(point.value);
    }
    const Plane plane{range, 170};
    const auto scale = value_scale(values, steps);
    auto svg = opening(label, plane) + value_axis(plane, scale, text_of) + time_axis(plane);
    for (const auto& point : points) {
        const double x = plane.x(point.at);
        const double y = plane.y(point.value > 0 ? scale.share(point.value) : 0);
        svg += fmt::format(
            "<line class=\"stem {0}\" x1=\"{1:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" "
            "y2=\"{3:.1f}\"/>",
            point.kind, x, plane.bottom(), y);
        svg += mark(point, x, y, radius_of(points));
    }
    return svg + "</svg></div>\n";
}

}  // namespace snapferry::admin
