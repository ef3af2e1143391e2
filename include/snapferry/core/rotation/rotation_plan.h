#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/plan/newest.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/rotation/rotation_name.h"

/// Which snapshots of a rotation go when a new one is made.
namespace snapferry {

/// A snapshot that has to stay, whatever is to be kept.
struct HeldSnapshot {
    std::string name;
    std::optional<Uuid> uuid{};  ///< that it goes by, where that is known
    std::string why;             ///< "the receiver of home has it as its last"
};

struct RotationSituation {
    Uuid subvolume;  ///< that the snapshots are taken of; null: nobody can tell which they are
    std::string_view tag;
    std::span<const LocalSnapshot> snapshots;  ///< the read-only ones in the directory
    std::span<const UnfitSnapshot> unfit;      ///< the other subvolumes there
    std::span<const HeldSnapshot> held;
    const KeepWords& keep;
    const NewName& made;  ///< the new one
    const ZoneOffset& zone;
    Uuid received{};  ///< that the subvolume was itself received as; null for most
};

/// A snapshot of the rotation, with the reason why it stays or goes.
struct RotatedSnapshot {
    std::string name;
    Uuid own{};  ///< null: the new one
    std::string path{};
    bool stays = true;
    std::string reason;
};

/// What carries the tag and is no part of the rotation: it stays.
struct LeftAlone {
    std::string name;  ///< as it is on the disk
    std::string why;
};

struct RotationPlan {
    std::vector<RotatedSnapshot> snapshots;  ///< the last made comes first: the new one
    std::vector<LeftAlone> left_alone;
};

/// Of the read-only snapshots of this subvolume that are named TIME-@TAG, those go that the words
/// of keep do not keep (see retention.h) and that nobody holds. They count in the order in which
/// they were made, whatever a clock has said; a day is that of the time in the name.
RotationPlan plan_rotation(const RotationSituation& situation);

/// When the last snapshot of a rotation was made, by its name; nothing where none is there. One
/// that is years ahead does not count: it would hide as long that one is missing. One that is less
/// ahead does: a machine may start with a clock that is not set yet.
std::optional<std::chrono::sys_seconds> last_of_rotation(std::span<const LocalSnapshot> snapshots,
                                                         const Uuid& subvolume,
                                                         std::string_view tag,
                                                         std::chrono::sys_seconds now);

/// A plan that deletes more than half of the snapshots, and more than three, is more likely a
/// mistake in `keep` than meant: "it would delete 19 of 24 snapshots". Nothing for any other.
std::optional<std::string> why_to_ask_first(const RotationPlan& plan);

}  // namespace snapferry
