#include "snapferry/admin/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

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

std::string told_mark(const ChartPoint& point, double x, double y) {
    return fmt::format(
        "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" "
        "r=\"4\"><title>{}</title></circle>\n",
        point.kind, x, y, html_text(point.said));
}

using Points = std::vector<ChartPoint>;

/// One path of each kind, in the order of their names: a year of points has to stay small.
std::string dots(const Points& points, const std::function<std::string(const ChartPoint&)>& step,
                 std::string_view form) {
    std::map<std::string, std::string> paths;
    for (const auto& point : points) {
        paths[point.kind] += step(point);
    }
    std::string svg;
    for (const auto& [kind, path] : paths) {
        svg += fmt::format("<path class=\"{} {}\" d=\"{}\"/>\n", form, kind, path);
    }
    return svg;
}

/// Those that say what they are are the last ones.
std::pair<Points, Points> divided(const Points& points, std::size_t told) {
    const auto border = points.end() - static_cast<std::ptrdiff_t>(std::min(told, points.size()));
    return {{points.begin(), border}, {border, points.end()}};
}

/// No more than can be told apart: of those in one place, the highest, and a bad one before all.
Points thinned(const Points& points, const Plane& plane) {
    constexpr double place = 2;  // units of the picture
    Points kept;
    for (const auto& point : points) {
        const auto is_beside = [&](const ChartPoint& other) {
            return std::floor(plane.x(other.at) / place) == std::floor(plane.x(point.at) / place);
        };
        if (kept.empty() || !is_beside(kept.back())) {
            kept.push_back(point);
        } else if (point.kind != kept.back().kind ? point.kind == "bad"
                                                  : point.value > kept.back().value) {
            kept.back() = point;
        }
    }
    return kept;
}

std::vector<double> values_of(const Points& points) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const auto& point : points) {
        values.push_back(point.value);
    }
    return values;
}

}  // namespace

std::string timeline_svg(const ChartForm& form, const Points& points) {
    const Plane plane{form.range, 62};
    const auto [others, told] = divided(points, form.told);
    const double y = plane.y(0.5);
    auto svg = opening(form.label, plane) + time_axis(plane);
    svg += dots(
        thinned(others, plane),
        [&](const ChartPoint& point) {
            return fmt::format("M{:.0f} {:.0f}h0", plane.x(point.at), y);
        },
        "dot");
    for (const auto& point : told) {
        svg += told_mark(point, plane.x(point.at), y);
    }
    return svg + "</svg></div>\n";
}

std::string stems_svg(const ChartForm& form, const Points& points, const ChartUnit& unit) {
    const Plane plane{form.range, 170};
    const auto scale = value_scale(values_of(points), unit.steps);
    const auto height_of = [&](const ChartPoint& point) {
        return plane.y(point.value > 0 ? scale.share(point.value) : 0);
    };
    const auto [others, told] = divided(points, form.told);
    const auto stem = [&](const ChartPoint& point) {
        return fmt::format("M{:.0f} {:.0f}V{:.0f}", plane.x(point.at), plane.bottom(),
                           height_of(point));
    };
    auto svg = opening(form.label, plane) + value_axis(plane, scale, unit.text_of) +
               time_axis(plane) + dots(thinned(others, plane), stem, "stem") +
               dots(told, stem, "stem");
    for (const auto& point : told) {
        svg += told_mark(point, plane.x(point.at), height_of(point));
    }
    return svg + "</svg></div>\n";
}

std::string line_svg(const ChartForm& form, const Points& points, const ChartUnit& unit) {
    const Plane plane{form.range, 150};
    const auto scale = value_scale(values_of(points), unit.steps);
    std::string path;
    for (const auto& point : thinned(points, plane)) {
        path += fmt::format("{}{:.0f} {:.1f}", path.empty() ? 'M' : 'L', plane.x(point.at),
                            plane.y(scale.share(point.value)));
    }
    return opening(form.label, plane) + value_axis(plane, scale, unit.text_of) + time_axis(plane) +
           fmt::format("<path class=\"line\" d=\"{}\"/>\n</svg></div>\n", path);
}

}  // namespace snapferry::admin
