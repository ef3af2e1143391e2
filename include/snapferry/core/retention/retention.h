#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/period_book.h"
#include "snapferry/core/time/period.h"

namespace snapferry {

/// A complete snapshot that the receiver holds under a tag.
struct Backup {
    SnapshotName name;
    Uuid received_uuid;
    /// The subvolume's id. btrfs gives them out in order and never again, so this is the order of
    /// arrival, whatever the clock or the sender's names say. (A derived backup has its origin's.)
    std::uint64_t arrival = 0;
    /// When it arrived, by the receiver's own clock: for people, never for a decision.
    std::chrono::sys_seconds arrived;
    Uuid copy{};  ///< of this copy itself: the subvolume's uuid, which no sender can choose
    /// When it arrived, in time that was seen to pass; as long as nobody knows, it counts as new.
    CountedTime counted_arrival = CountedTime::max();
    PeriodIds periods{};  ///< in which it arrived
    bool locked = false;  ///< a person has said that it stays
};

/// Each part of it only adds to what is kept.
struct RetentionPolicy {
    std::size_t keep = 7;                             ///< newest backups; the newest stays always
    std::chrono::seconds min_age{5L * 24 * 60 * 60};  ///< nothing younger is pruned
    /// Of how many periods that hold a backup, the newest ones, the first to arrive is kept.
    ByPeriod<std::size_t> periods{};

    friend bool operator==(const RetentionPolicy&, const RetentionPolicy&) = default;
};

struct RetentionDecision {
    Backup backup;
    bool keep = true;
    std::string reason;     ///< for the log, the dry run and JSON alike
    std::string goes_when;  ///< of one that is kept: what all has to come before it goes
};

/// Decides for every backup of a tag, newest first. A copy that was set aside for a newer one (see
/// set_aside.h) is a backup like any other: who can have it replaced cannot have it pruned sooner.
/// `needed` holds the copies that a receive still builds on. Ages are those of counted time: what
/// the wall clock says changes nothing.
std::vector<RetentionDecision> plan_retention(std::span<const Backup> backups,
                                              const RetentionPolicy& policy, CountedTime now,
                                              const std::set<Uuid>& needed = {});

/// More than half of all, and more than three, is more likely a mistake in the policy than meant.
bool is_more_than_meant(std::size_t gone, std::size_t all);

/// A plan that deletes more than half of a tag's backups, and more than three, is more likely a
/// mistake in the policy than meant: "it would delete 19 of 20 backups". Nothing for any other.
std::optional<std::string> why_to_ask_first(std::span<const RetentionDecision> decisions);

}  // namespace snapferry
