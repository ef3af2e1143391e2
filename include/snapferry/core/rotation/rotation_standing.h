#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/time/wall_time.h"

namespace snapferry {

/// How snapshots stand that the daemon makes by a calendar, from what is there: not from what the
/// daemon said, for it may not run.
struct RotationStanding {
    std::string name;                                  ///< of [snapshots.NAME]
    std::string subvolume;                             ///< a path
    std::optional<std::chrono::sys_seconds> last{};    ///< made; nothing where there is none
    std::optional<std::chrono::sys_seconds> missed{};  ///< the first time after that one, if past
    std::optional<std::chrono::sys_seconds> next{};    ///< nothing where the calendar has ended
    std::string unknown{};  ///< why nothing of this could be told, escaped; empty where it could
};

enum class RotationCondition {
    ok,
    late,
    none,     ///< not one is there
    unknown,  ///< nobody can say
};

/// A snapshot may be an hour late: another run may be at work, and a NAS that slept makes up for
/// what it missed.
RotationCondition condition_of(const RotationStanding& rotation, WallTime now);

/// "ok", "late".
std::string_view name_of(RotationCondition condition);

/// What a person is told of one that is not well, in half a sentence: "snapshots.home: one was due
/// 3 h ago". Empty where it is well.
std::string need_of(const RotationStanding& rotation, WallTime now);

/// "snapshots.home: the last was made 3 h ago". What is not well is a warning, for it is the
/// backups whose age counts; what cannot be told is unknown.
Finding finding_of(const RotationStanding& rotation, WallTime now);
std::vector<Finding> findings_of(const std::vector<RotationStanding>& rotations, WallTime now);

}  // namespace snapferry
