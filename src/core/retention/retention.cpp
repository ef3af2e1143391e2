#include "snapferry/core/retention/retention.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

/// Why a backup that the count would let go has to stay; empty where nothing holds it.
std::string reason_to_hold(const Backup& backup, const RetentionPolicy& policy, CountedTime now,
                           const std::set<Uuid>& needed) {
    if (needed.contains(backup.copy)) {
        return "an unfinished receive builds on it";
    }
    if (policy.min_age.count() == 0) {
        return {};  // age does not matter, and one that is not known does not either
    }
    if (backup.counted_arrival > now) {
        return "its age is not known";
    }
    if (now - backup.counted_arrival < policy.min_age) {
        return fmt::format("younger than min_age ({})", duration_text(policy.min_age));
    }
    return {};
}

}  // namespace

std::vector<RetentionDecision> plan_retention(std::span<const Backup> backups,
                                              const RetentionPolicy& policy, CountedTime now,
                                              const std::set<Uuid>& needed) {
    std::vector<Backup> newest_first(backups.begin(), backups.end());
    std::sort(newest_first.begin(), newest_first.end(),
              [](const Backup& a, const Backup& b) { return a.arrival > b.arrival; });

    const auto keep = std::max<std::size_t>(policy.keep, 1);
    std::size_t counted = 0;
    std::vector<RetentionDecision> decisions;
    for (auto& backup : newest_first) {
        RetentionDecision decision{std::move(backup), true, {}};
        if (++counted <= keep) {
            decision.reason = counted == 1 ? "the newest" : fmt::format("{} of {}", counted, keep);
        } else if (auto hold = reason_to_hold(decision.backup, policy, now, needed);
                   !hold.empty()) {
            decision.reason = std::move(hold);
        } else {
            decision.keep = false;
            decision.reason = fmt::format("{} newer ones are kept", keep);
        }
        decisions.push_back(std::move(decision));
    }
    return decisions;
}

}  // namespace snapferry
