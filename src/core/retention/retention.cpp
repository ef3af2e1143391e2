#include "snapferry/core/retention/retention.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

/// Why one backup is kept, and what would have to come for each reason to fall.
struct Floors {
    std::vector<std::string> reasons;
    std::vector<std::string> ends;

    void add(std::string reason, std::string end) {
        reasons.push_back(std::move(reason));
        ends.push_back(std::move(end));
    }
};

std::string newer(std::size_t count, std::string_view what) {
    return fmt::format("{} newer {}{} there", count, what, count == 1 ? " is" : "s are");
}

void stand_among_newest(std::vector<Floors>& floors, std::size_t keep) {
    for (std::size_t index = 0; index < std::min(keep, floors.size()); ++index) {
        floors[index].add(
            index == 0 ? "the newest" : fmt::format("{} of the newest {}", index + 1, keep),
            newer(keep - index, "backup"));
    }
}

/// `newest_first` is ordered by arrival: the last of a period in it is the first that arrived.
void stand_for_periods(std::vector<Floors>& floors, std::span<const Backup> newest_first,
                       Period period, std::size_t count) {
    std::map<std::uint32_t, std::size_t, std::greater<>> first_of;  // the newest period first
    for (std::size_t index = 0; index < newest_first.size(); ++index) {
        first_of[newest_first[index].periods.at(index_of(period))] = index;
    }
    std::size_t rank = 0;
    for (const auto& [id, index] : first_of) {
        if (++rank > count) {
            return;
        }
        floors[index].add(fmt::format("{} {} of {}", name_of(period), rank, count),
                          newer(count - rank + 1, name_of(period)));
    }
}

void stand_by_age(Floors& floors, const Backup& backup, std::chrono::seconds min_age,
                  CountedTime now) {
    if (min_age.count() == 0) {
        return;  // age does not matter, and one that is not known does not either
    }
    if (backup.counted_arrival > now) {
        floors.add("its age is not known", "its age is known");
        return;
    }
    if (const auto left = min_age - (now - backup.counted_arrival); left.count() > 0) {
        floors.add(fmt::format("younger than min_age ({})", duration_text(min_age)),
                   fmt::format("{} have passed",
                               duration_text(std::chrono::ceil<std::chrono::seconds>(left))));
    }
}

std::string reason_to_go(const RetentionPolicy& policy, std::size_t keep) {
    auto reason = fmt::format("{} newer ones are kept", keep);
    std::vector<std::string_view> names;
    for (const auto period : all_periods) {
        if (policy.periods.at(index_of(period)) > 0) {
            names.push_back(name_of(period));
        }
    }
    if (!names.empty()) {
        reason += fmt::format(", and it is kept for no {}", fmt::join(names, ", "));
    }
    return reason;
}

}  // namespace

std::vector<RetentionDecision> plan_retention(std::span<const Backup> backups,
                                              const RetentionPolicy& policy, CountedTime now,
                                              const std::set<Uuid>& needed) {
    std::vector<Backup> newest_first(backups.begin(), backups.end());
    std::sort(newest_first.begin(), newest_first.end(),
              [](const Backup& a, const Backup& b) { return a.arrival > b.arrival; });

    const auto keep = std::max<std::size_t>(policy.keep, 1);
    std::vector<Floors> floors(newest_first.size());
    stand_among_newest(floors, keep);
    for (const auto period : all_periods) {
        stand_for_periods(floors, newest_first, period, policy.periods.at(index_of(period)));
    }
    std::vector<RetentionDecision> decisions;
    for (std::size_t index = 0; index < newest_first.size(); ++index) {
        auto& backup = newest_first[index];
        auto& standing = floors[index];
        stand_by_age(standing, backup, policy.min_age, now);
        if (backup.locked) {
            standing.add("locked", "it is unlocked");
        }
        if (needed.contains(backup.copy)) {
            standing.add("an unfinished receive builds on it", "that receive has ended");
        }
        const bool stays = !standing.reasons.empty();
        decisions.push_back({std::move(backup), stays,
                             stays ? fmt::format("{}", fmt::join(standing.reasons, ", "))
                                   : reason_to_go(policy, keep),
                             fmt::format("{}", fmt::join(standing.ends, " and "))});
    }
    return decisions;
}

bool is_more_than_meant(std::size_t gone, std::size_t all) {
    constexpr std::size_t few = 3;
    return gone > few && 2 * gone > all;
}

std::optional<std::string> why_to_ask_first(std::span<const RetentionDecision> decisions) {
    const auto gone = static_cast<std::size_t>(
        std::count_if(decisions.begin(), decisions.end(),
                      [](const RetentionDecision& decision) { return !decision.keep; }));
    return is_more_than_meant(gone, decisions.size())
               ? std::optional(
                     fmt::format("it would delete {} of {} backups", gone, decisions.size()))
               : std::nullopt;
}

}  // namespace snapferry
