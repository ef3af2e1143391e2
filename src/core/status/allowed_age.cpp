#include "snapferry/core/status/allowed_age.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <utility>

#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr hours least_span{3 * 24};         // of what can be learnt from
constexpr std::size_t most_looked_at = 16;  // intervals, but always those of the last days
constexpr hours always_looked_at{8 * 24};

/// A month that begins with trials every minute has thousands.
constexpr std::size_t most_at_all = 4096;

/// A clock that stood in 1970, or a year ahead, once makes a gap that is no rule.
constexpr hours longest_gap{200 * 24};

/// What snapshots here tell of how often one arrives: a job may well send each tenth of them.
constexpr hours least_by_what_is_made{26};

/// To what a person would call it: "7 d" and not "6 d 23 h 58 min".
seconds grain_of(seconds interval) {
    struct Grain {
        seconds from;
        seconds to;
    };
    constexpr std::array grains{Grain{hours{48}, hours{1}}, Grain{hours{4}, minutes{10}},
                                Grain{minutes{20}, minutes{1}}};
    const auto* const grain = std::find_if(grains.begin(), grains.end(),
                                           [&](const Grain& one) { return interval >= one.from; });
    return grain == grains.end() ? seconds{1} : grain->to;
}

seconds rounded(seconds interval) {
    const auto grain = grain_of(interval);
    return (interval + grain / 2) / grain * grain;
}

/// The newest ones; newest first.
std::vector<seconds> newest_gaps(std::vector<sys_seconds> times) {
    std::sort(times.begin(), times.end(), std::greater<>());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    std::vector<seconds> gaps;
    for (std::size_t index = 1; index < times.size() && index < most_at_all; ++index) {
        const bool enough =
            gaps.size() >= most_looked_at && times.front() - times[index - 1] >= always_looked_at;
        if (enough) {
            break;
        }
        if (const auto gap = times[index - 1] - times[index]; gap <= longest_gap) {
            gaps.push_back(gap);
        }
    }
    return gaps;
}

/// Whether gaps about as long, or shorter, make up days, or a fair share of the time: a burst of
/// trials is no rule, however many they are, and a long absence does not make the rest an
/// exception.
bool is_usual(const std::vector<seconds>& gaps, seconds gap, seconds total) {
    constexpr int fair_share = 6;
    const auto covered =
        std::accumulate(gaps.begin(), gaps.end(), seconds{0},
                        [&](seconds sum, seconds one) { return one <= 2 * gap ? sum + one : sum; });
    return covered >= least_span || covered * fair_share >= total;
}

/// A quarter and a bit: a week that is two days late is late, and so is a day that is seven hours
/// late. Always less than twice.
seconds stale_after(seconds interval) {
    const auto grain = grain_of(interval);
    return (interval * 9 / 7 + grain - seconds{1}) / grain * grain;
}

AllowedAge learnt(seconds interval, seconds least) {
    const auto after = std::max(stale_after(interval), least);
    return {AllowedAge::Source::learnt, after, after, interval};
}

}  // namespace

std::optional<seconds> usual_interval(std::vector<sys_seconds> times) {
    auto gaps = newest_gaps(std::move(times));
    const auto total = std::accumulate(gaps.begin(), gaps.end(), seconds{0});
    if (gaps.empty() || total < least_span) {
        return std::nullopt;
    }
    std::sort(gaps.begin(), gaps.end(), std::greater<>());
    // One absence in a few, two in many, are no rule.
    std::size_t chosen = gaps.size() >= 8 ? 2 : gaps.size() >= 4 ? 1 : 0;
    while (chosen > 0 && !is_usual(gaps, gaps[chosen], total)) {
        --chosen;
    }
    return rounded(gaps[chosen]);
}

AllowedAge age_asked_for(seconds most) {
    return {AllowedAge::Source::asked, most, most, std::nullopt};
}

AllowedAge allowed_age(const AgeEvidence& evidence) {
    if (evidence.asked) {
        return age_asked_for(*evidence.asked);
    }
    if (const auto& most = evidence.configured) {
        return {AllowedAge::Source::configured, *most, *most, std::nullopt};
    }
    if (const auto interval = usual_interval(evidence.arrived)) {
        return learnt(*interval, seconds{0});
    }
    if (const auto interval = usual_interval(evidence.made)) {
        return learnt(*interval, least_by_what_is_made);
    }
    return {};
}

std::string text_of(const AllowedAge& allowed) {
    auto limit = duration_text(allowed.stale_after);
    switch (allowed.source) {
        case AllowedAge::Source::asked:
            return limit;
        case AllowedAge::Source::configured:
            return limit + " (max_age)";
        case AllowedAge::Source::learnt:
            return fmt::format("{} (a snapshot every {})", limit,
                               duration_text(allowed.interval.value_or(seconds{0})));
        case AllowedAge::Source::unknown:
            return limit + " (how often one is made is not known yet; max_age can say it)";
    }
    return limit;
}

std::string name_of(AllowedAge::Source source) {
    constexpr std::array names{"asked", "configured", "learnt", "unknown"};
    return names.at(static_cast<std::size_t>(source));
}

}  // namespace snapferry
