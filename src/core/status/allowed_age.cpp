#include "snapferry/core/status/allowed_age.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr hours least_span{3 * 24};  // of what can be learnt from

/// Days on which there was one: what was long ago tells of another life.
constexpr std::size_t most_days = 16;

/// A month that begins with trials every minute has thousands.
constexpr std::size_t most_at_all = std::size_t{1} << 15;

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

/// What is looked at of the times between two of them.
struct Gaps {
    std::vector<seconds>
        of_days;        ///< the longest that ended on each of the last days, longest first
    seconds newest{0};  ///< of those, that of the last day
    seconds total{0};   ///< of all that ended on those days
};

/// By days, so that a burst of trials counts no more than the day on which it was, and an absence
/// no more than the day of the return.
Gaps newest_gaps(std::vector<sys_seconds> times) {
    std::sort(times.begin(), times.end(), std::greater<>());
    Gaps gaps;
    std::optional<std::chrono::sys_days> last_day;
    for (std::size_t index = 1; index < times.size() && index < most_at_all; ++index) {
        const auto gap = times[index - 1] - times[index];
        const auto day = std::chrono::floor<std::chrono::days>(times[index - 1]);
        if (gap == seconds{0} || gap > longest_gap) {
            continue;
        }
        if (day == last_day) {
            gaps.of_days.back() = std::max(gaps.of_days.back(), gap);
        } else if (gaps.of_days.size() < most_days) {
            gaps.of_days.push_back(gap);
            last_day = day;
        } else {
            break;
        }
        gaps.total += gap;
    }
    gaps.newest = gaps.of_days.empty() ? seconds{0} : gaps.of_days.front();
    std::sort(gaps.of_days.begin(), gaps.of_days.end(), std::greater<>());
    return gaps;
}

/// Whether days with gaps about as long, or shorter, are many, or some and the last one among them,
/// or make up half of the time: a few days of trials are no rule.
bool is_usual(const Gaps& gaps, seconds gap) {
    constexpr std::ptrdiff_t many = 6;
    constexpr std::ptrdiff_t some = 4;
    seconds covered{0};
    seconds all{0};
    std::ptrdiff_t days = 0;
    for (const auto one : gaps.of_days) {
        all += one;
        if (one <= 2 * gap) {
            covered += one;
            ++days;
        }
    }
    return days >= many || (days >= some && gaps.newest <= 2 * gap) || covered * 2 >= all;
}

/// How many long absences, among so many days, are no rule.
std::size_t exceptions_among(std::size_t days) {
    constexpr std::size_t few = 4;
    constexpr std::size_t many = 12;
    return days >= many ? 2 : days >= few ? 1 : 0;
}

struct Usual {
    seconds interval;
    bool is_seen_often = false;  ///< that long, or about so
};

std::optional<Usual> usual(std::vector<sys_seconds> times) {
    constexpr std::ptrdiff_t often = 3;
    const auto gaps = newest_gaps(std::move(times));
    const auto& of_days = gaps.of_days;
    if (of_days.empty() || gaps.total < least_span) {
        return std::nullopt;
    }
    auto chosen = exceptions_among(of_days.size());
    while (chosen > 0 && !is_usual(gaps, of_days[chosen])) {
        --chosen;
    }
    const auto interval = of_days[chosen];
    const auto as_long = std::count_if(of_days.begin(), of_days.end(),
                                       [&](seconds one) { return one * 2 >= interval; });
    return Usual{rounded(interval), as_long >= often};
}

/// A quarter and a bit: a week that is two days late is late, and so is a day that is seven hours
/// late. Always less than twice.
seconds stale_after(seconds interval) {
    const auto grain = grain_of(interval);
    return (interval * 9 / 7 + grain - seconds{1}) / grain * grain;
}

/// An absence that was seen once or twice is no rule, however little else there is: then nothing is
/// allowed that would be too old where nothing is known.
std::optional<AllowedAge> learnt(const std::optional<Usual>& usual, seconds least) {
    const auto most = AllowedAge{}.stale_after;
    if (!usual || (!usual->is_seen_often && usual->interval > most)) {
        return std::nullopt;
    }
    const auto after = stale_after(usual->interval);
    const auto allowed = std::max(usual->is_seen_often ? after : std::min(after, most), least);
    return AllowedAge{AllowedAge::Source::learnt, allowed, allowed, usual->interval};
}

}  // namespace

bool tells_how_often(const std::vector<sys_seconds>& times) {
    return learnt(usual(times), seconds{0}).has_value();
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
    if (const auto allowed = learnt(usual(evidence.arrived), seconds{0})) {
        return *allowed;
    }
    if (const auto allowed = learnt(usual(evidence.made), least_by_what_is_made)) {
        return *allowed;
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
