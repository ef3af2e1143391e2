#include "snapferry/core/age/arrivals.h"

#include <algorithm>

namespace snapferry {

Arrivals arrivals_of(std::span<const Backup> backups, const Arrivals& noted, CountedTime now) {
    Arrivals arrivals;
    auto latest = now;
    for (const auto& backup : backups) {
        const auto found = noted.find(backup.copy);
        latest = found == noted.end() ? latest : std::min(latest, found->second);
        arrivals.emplace(backup.copy, latest);
    }
    return arrivals;
}

}  // namespace snapferry
