#include "snapferry/core/retention/alarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace snapferry {
namespace {

using std::chrono::days;

constexpr days look_back{30};   // what is usual
constexpr days least_known{3};  // less says nothing of what is usual

/// Arrivals a day before the last day, rounded up; nothing where too little is known.
std::optional<std::uint64_t> usual_a_day(std::span<const Arrival> earlier, CountedTime yesterday) {
    auto first = yesterday;
    std::uint64_t count = 0;
    for (const auto& arrival : earlier) {
        if (arrival.counted <= yesterday && arrival.counted > yesterday - look_back) {
            first = std::min(first, arrival.counted);
            ++count;
        }
    }
    const auto known = std::chrono::ceil<days>(yesterday - first);
    if (known < least_known) {
        return std::nullopt;
    }
    const auto whole = static_cast<std::uint64_t>(known.count());
    return (count + whole - 1) / whole;
}

/// How many arrivals before the last day have failed to come, at the rate that was usual before
/// they did, and were not made up for since: who was cut off for ten days brings ten days' backups
/// at once. Silence counts from its second day on, and only where the rate was seen for days.
std::uint64_t missed(std::span<const Arrival> earlier, CountedTime yesterday) {
    using Days = std::chrono::duration<double, days::period>;
    constexpr Days usual_silence{1};
    std::vector<CountedTime> times;
    for (const auto& arrival : earlier) {
        if (arrival.counted <= yesterday && arrival.counted > yesterday - look_back) {
            times.push_back(arrival.counted);
        }
    }
    std::sort(times.begin(), times.end());
    double missing = 0;
    for (std::size_t index = 1; index <= times.size(); ++index) {
        const bool is_last = index == times.size();
        const Days known = times[index - 1] - times.front();
        const Days silence = (is_last ? yesterday : times[index]) - times[index - 1];
        if (known >= least_known && silence > usual_silence) {
            missing += (silence - usual_silence) / known * static_cast<double>(index - 1);
        }
        missing = is_last ? missing : std::max(0.0, missing - 1);
    }
    return static_cast<std::uint64_t>(missing);
}

std::optional<std::string> judge_number(const ArrivalSituation& situation,
                                        const AlarmLimits& limits) {
    const auto yesterday = situation.arrived.counted - days{1};
    const auto since = std::max(yesterday, situation.cleared);
    const auto today = 1 + static_cast<std::uint64_t>(std::count_if(
                               situation.earlier.begin(), situation.earlier.end(),
                               [&](const Arrival& arrival) { return arrival.counted > since; }));
    const auto usual = usual_a_day(situation.earlier, yesterday);
    const auto most = std::max(limits.arrivals, usual ? *usual * limits.factor : flood_of_unknown) +
                      missed(situation.earlier, yesterday);
    if (today <= most) {
        return std::nullopt;
    }
    return fmt::format("{} backups arrived within a day, where {}", today,
                       usual ? fmt::format("{} a day are usual", *usual)
                             : "it is not known yet how many are usual");
}

std::optional<std::string> judge_changes(const stream::ChangeCount& changes, std::uint64_t before,
                                         const AlarmLimits& limits) {
    const auto touched = changes.rewritten + changes.renamed + changes.deleted;
    if (touched < limits.files || touched * 100 < before * limits.share) {
        return std::nullopt;
    }
    return fmt::format(
        "of about {} files that were there, {} were rewritten, {} renamed and {} deleted", before,
        changes.rewritten, changes.renamed, changes.deleted);
}

std::optional<std::string> judge_full(std::uint64_t files, std::uint64_t before,
                                      const AlarmLimits& limits) {
    if (before < limits.files || files * 100 >= before * limits.share) {
        return std::nullopt;
    }
    return fmt::format("a full send has {} files, where there were {}", files, before);
}

}  // namespace

std::optional<std::string> judge_arrival(const ArrivalSituation& situation,
                                         const AlarmLimits& limits) {
    if (auto flood = judge_number(situation, limits)) {
        return flood;
    }
    const auto& arrived = situation.arrived;
    if (!situation.files_before || !arrived.changes) {
        return std::nullopt;
    }
    if (!arrived.full) {
        return judge_changes(*arrived.changes, *situation.files_before, limits);
    }
    return arrived.files ? judge_full(*arrived.files, *situation.files_before, limits)
                         : std::nullopt;
}

}  // namespace snapferry
