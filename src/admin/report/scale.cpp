#include "snapferry/admin/report/scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

using std::chrono::seconds;

constexpr std::int64_t hour = 3600;      // seconds
constexpr std::int64_t day = 24 * hour;  // seconds
constexpr std::size_t most_time_ticks = 7;
constexpr std::size_t most_value_ticks = 5;

std::int64_t tick_distance(const TimeRange& range) {
    constexpr std::array distances{hour / 4,  hour,      2 * hour,  6 * hour,  12 * hour, day,
                                   2 * day,   3 * day,   7 * day,   14 * day,  28 * day,  91 * day,
                                   182 * day, 364 * day, 728 * day, 3640 * day};
    const auto span = std::chrono::ceil<seconds>(range.to - range.from).count();
    const auto* const enough =
        std::find_if(distances.begin(), distances.end(), [&](std::int64_t distance) {
            return span / distance < static_cast<std::int64_t>(most_time_ticks);
        });
    return enough == distances.end() ? span : *enough;
}

/// "2026-11-25", or "11-25 06:00" where hours matter.
std::string tick_label(WallTime at, std::int64_t distance) {
    const auto text = sys::local_time_text(at);
    return distance < day ? text.substr(5, 11) : text.substr(0, 10);
}

ValueScale linear_scale(double largest, std::span<const double> steps) {
    ValueScale scale;
    const auto fits = [&](double step) {
        return largest / step <= static_cast<double>(most_value_ticks - 1);
    };
    const auto found = std::find_if(steps.begin(), steps.end(), fits);
    const double step = found == steps.end() ? largest : *found;
    scale.ticks.push_back(0);
    while (scale.ticks.back() < largest) {
        scale.ticks.push_back(scale.ticks.back() + step);
    }
    scale.high = scale.ticks.back();
    return scale;
}

ValueScale logarithmic_scale(double smallest, double largest, std::span<const double> steps) {
    auto first = std::upper_bound(steps.begin(), steps.end(), smallest);
    first = first == steps.begin() ? first : std::prev(first);
    auto last = std::lower_bound(steps.begin(), steps.end(), largest);
    last = last == steps.end() ? std::prev(last) : last;
    ValueScale scale;
    scale.logarithmic = true;
    const auto count = static_cast<std::size_t>(last - first);
    const auto stride = (count + most_value_ticks - 2) / (most_value_ticks - 1);
    for (std::size_t index = 0; index < count + stride; index += stride) {
        const auto at = static_cast<std::size_t>(first - steps.begin()) + index;
        scale.ticks.push_back(at < steps.size() ? steps[at] : std::max(steps.back(), largest));
    }
    scale.low = scale.ticks.front();
    scale.high = scale.ticks.back();
    return scale;
}

}  // namespace

double TimeRange::share(WallTime time) const {
    const std::chrono::duration<double> whole = to - from;
    const std::chrono::duration<double> part = time - from;
    return std::clamp(part / whole, 0.0, 1.0);
}

TimeRange time_range(std::span<const WallTime> times, WallTime now) {
    TimeRange range{now, now};
    for (const auto time : times) {
        range.from = std::min(range.from, time);
        range.to = std::max(range.to, time);
    }
    range.from = std::min(range.from, range.to - seconds(hour));
    return range;
}

std::vector<TimeTick> time_ticks(const TimeRange& range) {
    const auto distance = tick_distance(range);
    const auto first = std::chrono::floor<seconds>(range.from + sys::local_offset(range.from))
                           .time_since_epoch()
                           .count() /
                       distance;
    std::vector<TimeTick> ticks;
    for (auto number = first;; ++number) {
        const WallTime local{seconds(number * distance)};
        const WallTime at = local - sys::local_offset(local - sys::local_offset(local));
        if (at > range.to) {
            return ticks;
        }
        if (at >= range.from) {
            ticks.push_back({at, tick_label(at, distance)});
        }
    }
}

double ValueScale::share(double value) const {
    const auto height = [this](double one) {
        return logarithmic ? std::log(std::max(one, low)) : one;
    };
    return std::clamp((height(value) - height(low)) / (height(high) - height(low)), 0.0, 1.0);
}

ValueScale value_scale(std::span<const double> values, std::span<const double> steps) {
    constexpr double far_apart = 50;
    std::vector<double> positive;
    std::copy_if(values.begin(), values.end(), std::back_inserter(positive),
                 [](double value) { return value > 0; });
    if (positive.empty()) {
        return linear_scale(steps.front(), steps);
    }
    const auto [smallest, largest] = std::minmax_element(positive.begin(), positive.end());
    return *largest / *smallest > far_apart ? logarithmic_scale(*smallest, *largest, steps)
                                            : linear_scale(*largest, steps);
}

std::span<const double> byte_steps() {
    static const auto steps = [] {
        std::array<double, 60> powers{};
        std::generate(powers.begin(), powers.end(), [power = 0.5]() mutable { return power *= 2; });
        return powers;
    }();
    return steps;
}

std::span<const double> second_steps() {
    static constexpr std::array<double, 24> steps{
        0.001, 0.01,      0.1,       1,         5,          15,         30,         60,
        300,   900,       1800,      3600,      2 * 3600,   4 * 3600,   8 * 3600,   12 * 3600,
        86400, 2 * 86400, 4 * 86400, 8 * 86400, 16 * 86400, 32 * 86400, 64 * 86400, 128 * 86400};
    return steps;
}

}  // namespace snapferry::admin
