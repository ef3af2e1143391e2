#include "snapferry/core/rotation/rotation_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "snapferry/core/retention/period_book.h"
#include "snapferry/core/retention/retention.h"

namespace snapferry {
namespace {

using std::chrono::sys_seconds;

/// A clock that nobody has set yet stands at the time at which systemd was built, or later: what is
/// further ahead of it has a wrong name.
constexpr std::chrono::years furthest_ahead{10};

/// By its id: later than all there are.
constexpr auto number_of_the_new_one = std::numeric_limits<std::uint64_t>::max();

/// Without a uuid it is no one's: what was received in full, and any subvolume, has no origin. What
/// was received on top of a subvolume that can be written has that for its origin, and a name of
/// its own for what it was received as; a snapshot that was made here has the subvolume's.
bool is_taken_of_it(const LocalSnapshot& snapshot, const RotationSituation& situation) {
    const bool is_made_here =
        snapshot.announced == snapshot.own || snapshot.announced == situation.received;
    return !situation.subvolume.is_null() && snapshot.origin == situation.subvolume && is_made_here;
}

std::string why_left_alone(const LocalSnapshot& snapshot, const RotationSituation& situation) {
    if (!snapshot.name.has_tag(situation.tag)) {
        return {};
    }
    if (!is_taken_of_it(snapshot, situation)) {
        return "it is a snapshot of another subvolume, or was received";
    }
    return form_of_rotated(snapshot.name.text(), situation.tag)
               ? std::string{}
               : fmt::format("its name is no TIME-@{}", situation.tag);
}

std::vector<LeftAlone> what_is_left_alone(const RotationSituation& situation) {
    std::vector<LeftAlone> left;
    for (const auto& snapshot : situation.snapshots) {
        if (auto why = why_left_alone(snapshot, situation); !why.empty()) {
            left.push_back({snapshot.name.text(), std::move(why)});
        }
    }
    for (const auto& one : situation.unfit) {
        if (carries_tag(one.name, situation.tag)) {
            left.push_back({one.name, one.why});
        }
    }
    return left;
}

/// In the order in which they were made.
std::vector<LocalSnapshot> rotated_ones(const RotationSituation& situation) {
    std::vector<LocalSnapshot> found;
    for (const auto& snapshot : situation.snapshots) {
        if (is_taken_of_it(snapshot, situation) &&
            form_of_rotated(snapshot.name.text(), situation.tag)) {
            found.push_back(snapshot);
        }
    }
    std::sort(found.begin(), found.end(), [](const LocalSnapshot& one, const LocalSnapshot& other) {
        return one.number < other.number;
    });
    return found;
}

/// As the receiver's retention has them: that takes its decisions from the same words.
class Backups {
  public:
    explicit Backups(const ZoneOffset& zone) : zone_(zone) {}

    void add(const SnapshotName& name, const Uuid& own, std::uint64_t number, sys_seconds taken) {
        const CountedTime counted{taken.time_since_epoch()};
        Backup backup{name, {}, number, taken, own};
        backup.counted_arrival = counted;
        backup.periods = book_.enter({taken, zone_(taken)}, counted);
        all_.push_back(std::move(backup));
    }

    [[nodiscard]] const std::vector<Backup>& all() const { return all_; }

  private:
    const ZoneOffset& zone_;
    PeriodBook book_;
    std::vector<Backup> all_;
};

sys_seconds named_or_taken(const LocalSnapshot& snapshot) {
    return snapshot.named.value_or(snapshot.taken);
}

std::string why_held(const LocalSnapshot& snapshot, std::span<const HeldSnapshot> held) {
    for (const auto& one : held) {
        const bool is_it =
            one.uuid ? *one.uuid == snapshot.own || *one.uuid == snapshot.announced : false;
        if (is_it || one.name == snapshot.name.text()) {
            return one.why;
        }
    }
    return {};
}

}  // namespace

RotationPlan plan_rotation(const RotationSituation& situation) {
    std::map<Uuid, LocalSnapshot> by_own;
    Backups backups(situation.zone);
    for (const auto& snapshot : rotated_ones(situation)) {
        backups.add(snapshot.name, snapshot.own, snapshot.number, named_or_taken(snapshot));
        by_own.emplace(snapshot.own, snapshot);
    }
    backups.add(situation.made.name, {}, number_of_the_new_one, situation.made.when.at);

    const RetentionPolicy policy{situation.keep.newest, std::chrono::seconds{0},
                                 situation.keep.periods};
    RotationPlan plan{{}, what_is_left_alone(situation)};
    for (const auto& decision : plan_retention(backups.all(), policy, {})) {
        RotatedSnapshot one{
            decision.backup.name.text(), decision.backup.copy, {}, decision.keep, decision.reason};
        if (const auto found = by_own.find(one.own); found != by_own.end()) {
            one.path = found->second.path;
            if (auto why = why_held(found->second, situation.held); !one.stays && !why.empty()) {
                one.stays = true;
                one.reason = std::move(why);
            }
        }
        plan.snapshots.push_back(std::move(one));
    }
    return plan;
}

std::optional<sys_seconds> last_of_rotation(std::span<const LocalSnapshot> snapshots,
                                            const Uuid& subvolume, std::string_view tag,
                                            sys_seconds now) {
    const LocalSnapshot* last = nullptr;
    for (const auto& one : snapshots) {
        const bool is_of_it =
            one.origin == subvolume && form_of_rotated(one.name.text(), tag).has_value();
        if (is_of_it && named_or_taken(one) <= now + furthest_ahead &&
            (last == nullptr || last->number < one.number)) {
            last = &one;
        }
    }
    return last == nullptr ? std::nullopt : std::optional(named_or_taken(*last));
}

std::optional<std::string> why_to_ask_first(const RotationPlan& plan) {
    const auto& all = plan.snapshots;
    const auto gone = static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const RotatedSnapshot& one) { return !one.stays; }));
    return is_more_than_meant(gone, all.size())
               ? std::optional(fmt::format("it would delete {} of {} snapshots", gone, all.size()))
               : std::nullopt;
}

}  // namespace snapferry
