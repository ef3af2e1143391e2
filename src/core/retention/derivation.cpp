#include "snapferry/core/retention/derivation.h"

#include <algorithm>
#include <map>
#include <set>

namespace snapferry {
namespace {

bool is_same(const Backup& a, const Backup& b) {
    return a.name == b.name && a.received_uuid == b.received_uuid;
}

/// The first to arrive of each period, by the period.
std::map<std::uint32_t, const Backup*> firsts_of(std::span<const Backup> backups, Period every) {
    std::map<std::uint32_t, const Backup*> firsts;
    for (const auto& backup : backups) {
        auto& first = firsts[backup.periods.at(index_of(every))];
        if (first == nullptr || backup.arrival < first->arrival) {
            first = &backup;
        }
    }
    return firsts;
}

}  // namespace

std::vector<Backup> plan_derivation(std::span<const Backup> origins,
                                    std::span<const Backup> derived, Period every,
                                    const RetentionPolicy& policy, CountedTime now) {
    const auto there = firsts_of(derived, every);
    std::vector<Backup> all(derived.begin(), derived.end());
    std::set<Uuid> candidates;
    for (const auto& [period, first] : firsts_of(origins, every)) {
        const bool is_made =
            there.contains(period) ||
            std::any_of(derived.begin(), derived.end(),
                        [&, one = first](const Backup& made) { return is_same(made, *one); });
        if (!is_made) {
            all.push_back(*first);
            all.back().locked = false;
            candidates.insert(first->copy);
        }
    }
    std::vector<Backup> wanted;
    for (const auto& decision : plan_retention(all, policy, now)) {
        if (decision.keep && candidates.contains(decision.backup.copy)) {
            wanted.insert(wanted.begin(), decision.backup);
        }
    }
    return wanted;
}

}  // namespace snapferry
