#include "snapferry/core/past/versions.h"

namespace snapferry::past {

std::vector<Version> versions_of(std::span<const Sighting> sightings) {
    std::vector<Version> versions;
    for (const auto& [backup, seen] : sightings) {
        if (versions.empty() && !seen) {
            continue;
        }
        if (versions.empty() || versions.back().seen != seen) {
            versions.push_back({seen, 0, backup, backup});
        }
        auto& present = versions.back();
        ++present.backups;
        present.last = backup;
    }
    return versions;
}

}  // namespace snapferry::past
